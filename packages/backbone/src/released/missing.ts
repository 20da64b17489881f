import { refuse } from '../torch/refuse.js';
import { nearestName } from './nearest-name.js';

/** What to say of a name beside another one that is like it. */
export const like = (nearest: string | undefined): string =>
  nearest === undefined ? '' : ` (nearest: ${nearest})`;

/** A parameter that the network has and the checkpoint lacks. */
export const missing = (name: string, present: Iterable<string>): never =>
  refuse('not-found', name, `no such tensor${like(nearestName(name, present))}`, "one of Cylinder3D's");
