import type { Random } from '@nerfseg/geometry';
import type { SimulatedFrame } from './simulate-scene.js';

/** The part of a group's points that is scribbled over before no further line is drawn, as in ScribbleKITTI (8 %). */
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
    const wanted = Math.max(1, group.length * share);
    for (let drawn = 0, marked = 0; marked < wanted && drawn < 60; drawn++) {
      const through = group[random.int(group.length)];
      const angle = axis + 0.25 * random.normal();
      marked += draw(positions, group, through, angle, scenery, labels, out);
    }
  }
  return out;
};

/** Marks the group's points along one line; returns how many were new. */
const draw = (
  positions: Float32Array,
  group: readonly number[],
  through: number,
  angle: number,
  scenery: boolean,
  labels: Uint8Array,
  out: Uint8Array,
): number => {
  const [x0, y0] = [positions[through * 3], positions[through * 3 + 1]];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  // On the ground a line has an end; across an object it runs through.
  const halfLength = scenery ? 9 : 40;
  const halfWidth = scenery ? 0.18 : 0.1;
  let marked = 0;
  for (const i of group) {
    const x = positions[i * 3] - x0;
    const y = positions[i * 3 + 1] - y0;
    if (Math.abs(x * c + y * s) > halfLength || Math.abs(y * c - x * s) > halfWidth || out[i] !== 0) continue;
    out[i] = labels[i];
    marked++;
  }
  return marked;
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
