// Points into the cells of a cylindrical grid, with Cylinder3D's nine point features.
#pragma once
#include <cstdint>

namespace nerfseg {

struct CylinderGrid {
  /** Lower bounds, upper bounds and cell sizes of rho (m), phi (rad), z (m). */
  double low[3], high[3], interval[3];
  int32_t shape[3];
  /** Leave points outside the bounds out, instead of clamping their cells. */
  bool drop;
};

/**
 * Per point its cell (-1: dropped) and features [count * 9]: offsets from the cell's centre, rho, phi, z, x, y,
 * intensity. Returns the first point with a value that is not finite, or -1.
 */
int64_t point_cells(const CylinderGrid& grid, const float* positions, const float* intensity, int64_t count,
                    int32_t* cell_of_point, float* features);

/**
 * Occupied cells in ascending order: cell_of_point becomes the row of each point's voxel. Returns the number of voxels
 * and their coordinates, to be freed with delete[].
 */
int64_t occupied_voxels(const CylinderGrid& grid, int64_t count, int32_t* cell_of_point, int32_t** coords);

}  // namespace nerfseg
