import type { Random } from '@nerfseg/geometry';
import type { SimulatedFrame } from './simulate-scene.js';

/** The part of a group's points that is scribbled over, as in ScribbleKITTI (8 %). */
const share = 0.08;

/**
 * Thins full labels to line scribbles: through every object, and through ground and scenery class by class, lines are drawn as an annotator
 * would draw them seen from above; points of that object or class near a line keep their label, all others become 0.
 *
 * @returns [N] class ids, 0 = not scribbled.
 */
export const scribble = (frame: SimulatedFrame, labels: Uint8Array, random: Random): Uint8Array => {
  const { positions } = frame.record.points;
  const groups = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 0) continue;
    const key = frame.sweep.object[i] * 256 + labels[i];
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  const out = new Uint8Array(labels.length);
  for (const [key, group] of [...groups].sort(([a], [b]) => a - b)) {
    const scenery = key < 256;
    const axis = mainAxis(positions, group);
    let left = Math.max(1, Math.round(group.length * share));
    for (let lines = 0; left > 0 && lines < 60; lines++) {
      const through = group[random.int(group.length)];
      const angle = axis + (scenery ? 0.3 : 0.8) * random.normal();
      left -= draw(positions, group, { through, angle, scenery, most: left }, labels, out);
    }
  }
  return out;
};

interface Line {
  /** The point it is drawn through. */
  readonly through: number;
  readonly angle: number;
  readonly scenery: boolean;
  /** Points that it may mark at most: it ends where they are used up. */
  readonly most: number;
}

/** Marks the group's points along one line, outwards from where it is drawn through; returns how many were new. */
const draw = (
  positions: Float32Array,
  group: readonly number[],
  line: Line,
  labels: Uint8Array,
  out: Uint8Array,
): number => {
  const [x0, y0] = [positions[line.through * 3], positions[line.through * 3 + 1]];
  const [c, s] = [Math.cos(line.angle), Math.sin(line.angle)];
  // On the ground a line has an end; across an object it runs through.
  const halfLength = line.scenery ? 9 : 40;
  const halfWidth = line.scenery ? 0.18 : 0.1;
  const near: [distance: number, point: number][] = [];
  for (const i of group) {
    const x = positions[i * 3] - x0;
    const y = positions[i * 3 + 1] - y0;
    const along = Math.abs(x * c + y * s);
    if (along <= halfLength && Math.abs(y * c - x * s) <= halfWidth && out[i] === 0) near.push([along, i]);
  }
  near.sort(([a, i], [b, j]) => a - b || i - j);
  const marked = near.slice(0, line.most);
  for (const [, i] of marked) out[i] = labels[i];
  return marked.length;
};

/** Direction in which a group extends most, seen from above. */
const mainAxis = (positions: Float32Array, group: readonly number[]): number => {
  let mx = 0;
  let my = 0;
  for (const i of group) {
    mx += positions[i * 3] / group.length;
    my += positions[i * 3 + 1] / group.length;
  }
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const i of group) {
    const x = positions[i * 3] - mx;
    const y = positions[i * 3 + 1] - my;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  return 0.5 * Math.atan2(2 * xy, xx - yy);
};
