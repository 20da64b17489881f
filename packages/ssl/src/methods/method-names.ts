/** Names of the methods, from the plainest to the fullest. `methods` says what each does. */
export const methodNames = [
  'supervised',
  'mean-teacher',
  'cbst',
  'cps',
  'lasermix',
  'multi-view',
  'multi-view-lasermix',
  'projection',
  'nerf',
  'nerf-mean-teacher',
  'nerf-lasermix',
] as const;

export type MethodName = (typeof methodNames)[number];
