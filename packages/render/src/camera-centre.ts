import type { Pose } from '@nerfseg/geometry';

/** The camera's centre in the LiDAR frame, metres: -R^T t of `cameraFromLidar`. */
export const cameraCentre = (m: Pose): readonly [number, number, number] => [
  -(m[0] * m[12] + m[1] * m[13] + m[2] * m[14]),
  -(m[4] * m[12] + m[5] * m[13] + m[6] * m[14]),
  -(m[8] * m[12] + m[9] * m[13] + m[10] * m[14]),
];
