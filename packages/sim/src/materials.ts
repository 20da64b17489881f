/** Surface kinds: each has a procedural texture (see `sensors/texture.ts`) and a LiDAR behaviour. */
export const materialNames = [
  'plain',
  'asphalt',
  'paving',
  'grass',
  'brick',
  'plaster',
  'glass',
  'foliage',
  'bark',
  'carPaint',
  'roofTiles',
  'concrete',
  'gravel',
  'reflector',
  'cloth',
  'rubber',
  'metal',
  'lamp',
  'soil',
  'wood',
  'light',
  'rearLamp',
] as const;

export type MaterialName = (typeof materialNames)[number];

export const materialId = Object.fromEntries(materialNames.map((name, id) => [name, id])) as Readonly<
  Record<MaterialName, number>
>;

interface Optics {
  /** LiDAR reflectivity 0..1 at normal incidence, before the colour's brightness is taken into account. */
  readonly reflectivity: number;
  /** Probability that a pulse is lost whatever the range: mirrors and glass send it elsewhere. */
  readonly loss: number;
  /** Strength of the mirror reflection of the sky in pictures, 0..1. */
  readonly gloss: number;
  /** Light that it sends out by itself, times its colour. */
  readonly glow?: number;
  /** The same, while lamps are on. */
  readonly glowByNight?: number;
  /** How much darker and smoother rain makes it, 0..1. */
  readonly soaks?: number;
}

const optics: Readonly<Record<MaterialName, Optics>> = {
  plain: { reflectivity: 0.35, loss: 0.01, gloss: 0 },
  asphalt: { reflectivity: 0.12, loss: 0.02, gloss: 0, soaks: 1 },
  paving: { reflectivity: 0.28, loss: 0.01, gloss: 0, soaks: 0.8 },
  grass: { reflectivity: 0.45, loss: 0.02, gloss: 0, soaks: 0.2 },
  brick: { reflectivity: 0.4, loss: 0.01, gloss: 0, soaks: 0.3 },
  plaster: { reflectivity: 0.5, loss: 0.01, gloss: 0, soaks: 0.2 },
  glass: { reflectivity: 0.08, loss: 0.45, gloss: 0.55 },
  foliage: { reflectivity: 0.5, loss: 0.04, gloss: 0 },
  bark: { reflectivity: 0.3, loss: 0.01, gloss: 0 },
  carPaint: { reflectivity: 0.4, loss: 0.06, gloss: 0.22 },
  roofTiles: { reflectivity: 0.35, loss: 0.01, gloss: 0, soaks: 0.4 },
  concrete: { reflectivity: 0.4, loss: 0.01, gloss: 0, soaks: 0.5 },
  gravel: { reflectivity: 0.25, loss: 0.02, gloss: 0, soaks: 0.4 },
  reflector: { reflectivity: 0.95, loss: 0, gloss: 0.05 },
  cloth: { reflectivity: 0.35, loss: 0.02, gloss: 0 },
  rubber: { reflectivity: 0.05, loss: 0.05, gloss: 0 },
  metal: { reflectivity: 0.5, loss: 0.03, gloss: 0.15 },
  lamp: { reflectivity: 0.6, loss: 0.05, gloss: 0.2, glowByNight: 2.4 },
  soil: { reflectivity: 0.22, loss: 0.02, gloss: 0, soaks: 0.6 },
  wood: { reflectivity: 0.35, loss: 0.01, gloss: 0, soaks: 0.3 },
  rearLamp: { reflectivity: 0.95, loss: 0, gloss: 0.05, glowByNight: 1.2 },
  light: { reflectivity: 0.3, loss: 0.05, gloss: 0, glow: 1.6 },
};

const column = (key: keyof Optics): Float64Array =>
  Float64Array.from(materialNames, (name) => optics[name][key] ?? 0);

/** Per material id. */
export const reflectivityOf: Float64Array = column('reflectivity');
/** Per material id. */
export const lossOf: Float64Array = column('loss');
/** Per material id. */
export const glossOf: Float64Array = column('gloss');
/** Per material id. */
export const glowOf: Float64Array = column('glow');
/** Per material id. */
export const glowByNightOf: Float64Array = column('glowByNight');
/** Per material id. */
export const soaksOf: Float64Array = column('soaks');
