// Memory for tensors and for the kernels' own use.
#pragma once
#include <cstddef>

namespace nerfseg {

/** 64-byte aligned, so that no vector load straddles two cache lines; large blocks ask for huge pages. Null if none. */
void* allocate(std::size_t bytes);
void release(void* data);

/** Returns the pages of a block that is no longer used to the system, ahead of its release. */
void give_pages_back(void* data, std::size_t bytes);

/** Scratch of at least that many bytes, kept by the calling thread from call to call. Null if none. */
void* scratch(std::size_t bytes);

/** The same, apart from the other: for use inside a task. */
void* task_scratch(std::size_t bytes);

}  // namespace nerfseg
