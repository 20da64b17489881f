// Which instruction sets this build has, which of them this machine runs, and which is in use.
#pragma once
#include "kernels.hpp"

namespace nerfseg {

/** The table in use. */
const Kernels& kernels();

/** Name of the i-th usable instruction set, best first; null at the end. */
const char* usable_isa(int index);

/** False when the name is unknown or the machine cannot run it. */
bool use_isa(const char* name);

}  // namespace nerfseg
