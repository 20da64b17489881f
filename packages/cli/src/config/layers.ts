/** Settings from several places, the later ones over the earlier, and where each came from. */
export interface Layer {
  readonly value: Readonly<Record<string, unknown>>;
  /** File and line, or option, by the setting's path (`training.steps`). */
  readonly origins: ReadonlyMap<string, string>;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const merged = (below: unknown, above: unknown): unknown => {
  if (!isRecord(below) || !isRecord(above)) return above;
  const result: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above))
    result[key] = Object.hasOwn(below, key) ? merged(below[key], value) : value;
  return result;
};

/** One layer over another: groups are joined setting by setting, lists are replaced. */
export const overlay = (below: Layer, above: Layer): Layer => ({
  value: merged(below.value, above.value) as Record<string, unknown>,
  origins: new Map([...below.origins, ...above.origins]),
});

export const emptyLayer: Layer = { value: {}, origins: new Map() };

/** A layer of single settings: `[path, value, origin]`; those that are undefined are left out. */
export const layerOf = (settings: readonly (readonly [string, unknown, string])[]): Layer =>
  settings.reduce<Layer>((layer, [path, value, origin]) => {
    if (value === undefined) return layer;
    const nested = path
      .split('.')
      .reduceRight<unknown>((inside, key) => ({ [key]: inside }), value) as Record<string, unknown>;
    return overlay(layer, { value: nested, origins: new Map([[path, origin]]) });
  }, emptyLayer);

/** Where a path was said: itself, what is inside it, or the nearest group around it. */
export function originOf({ origins }: Layer, path: readonly PropertyKey[], otherwise: string): string {
  for (let length = path.length; length > 0; length--) {
    const found = origins.get(path.slice(0, length).join('.'));
    if (found !== undefined) return found;
  }
  return otherwise;
}
