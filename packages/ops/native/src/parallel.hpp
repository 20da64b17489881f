// The pool for code that is compiled once, for the baseline instruction set.
#pragma once
#include <algorithm>

#include "thread_pool.hpp"

namespace nerfseg {

/** Runs body(begin, end) over pieces of [0, total). */
template <class Body>
void parallel_pieces(int64_t total, int64_t piece, Body body) {
  struct Context {
    Body& body;
    int64_t total, piece;
  } context{body, total, piece};
  run_tasks((total + piece - 1) / piece,
            [](void* c, int64_t i) {
              const Context& x = *static_cast<Context*>(c);
              x.body(i * x.piece, std::min(x.total, (i + 1) * x.piece));
            },
            &context);
}

}  // namespace nerfseg
