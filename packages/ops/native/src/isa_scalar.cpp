// Plain C++: four lanes that the compiler maps to whatever the baseline has.
#define NERFSEG_ISA scalar
#define NERFSEG_LANES 4
#define NERFSEG_TILE_ROWS 6
#define NERFSEG_OUTER_ROWS 4
#include "isa.inc"
