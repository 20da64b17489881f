#define NERFSEG_ISA avx2
#define NERFSEG_LANES 8
#define NERFSEG_TILE_ROWS 6
#define NERFSEG_OUTER_ROWS 6
#include "isa.inc"
