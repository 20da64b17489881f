#define NERFSEG_ISA neon
#define NERFSEG_LANES 4
#define NERFSEG_TILE_ROWS 12
#define NERFSEG_OUTER_ROWS 8
#include "isa.inc"
