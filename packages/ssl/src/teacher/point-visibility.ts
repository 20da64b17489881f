/**
 * Which points in a picture a camera is taken to see: those that a z-buffer of the points leaves, or all. A scanner sees past what the camera
 * cannot; without the z-buffer such points vote for, and learn, what hides them.
 */
export const pointVisibilities = ['z-buffer', 'all'] as const;
export type PointVisibility = (typeof pointVisibilities)[number];
