/** Two operands seen as [outer, inner], with strides of 0 along what they broadcast. */
export interface Broadcast {
  readonly outer: number;
  readonly inner: number;
  readonly a: readonly [outerStride: number, innerStride: number];
  readonly b: readonly [outerStride: number, innerStride: number];
}

interface Group {
  size: number;
  a: boolean;
  b: boolean;
}

const sizeAt = (shape: readonly number[], rank: number, axis: number): number =>
  shape[axis - rank + shape.length] ?? 1;

/**
 * Joins neighbouring axes along which both operands behave alike. Undefined where more than two groups are left (an
 * operand broadcast in the middle), or the shapes do not broadcast at all.
 */
export const broadcastOf = (
  aShape: readonly number[],
  bShape: readonly number[],
): (Broadcast & { shape: number[] }) | undefined => {
  const rank = Math.max(aShape.length, bShape.length);
  const shape: number[] = [];
  const groups: Group[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const a = sizeAt(aShape, rank, axis);
    const b = sizeAt(bShape, rank, axis);
    if (a !== b && a !== 1 && b !== 1) return undefined;
    const size = a === 1 ? b : a;
    shape.push(size);
    if (a === 1 && b === 1) continue;
    const last = groups.at(-1);
    if (last && last.a === (a === size) && last.b === (b === size)) last.size *= size;
    else groups.push({ size, a: a === size, b: b === size });
  }
  if (groups.length > 2) return undefined;
  const inner = groups.at(-1) ?? { size: 1, a: true, b: true };
  const outer = groups.length === 2 ? groups[0] : { size: 1, a: false, b: false };
  const strides = (own: 'a' | 'b'): [number, number] => [
    outer[own] ? (inner[own] ? inner.size : 1) : 0,
    inner[own] ? 1 : 0,
  ];
  return { shape, outer: outer.size, inner: inner.size, a: strides('a'), b: strides('b') };
};
