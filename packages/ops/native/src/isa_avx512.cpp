#define NERFSEG_ISA avx512
#define NERFSEG_LANES 16
#define NERFSEG_TILE_ROWS 12
#define NERFSEG_OUTER_ROWS 8
#include "isa.inc"
