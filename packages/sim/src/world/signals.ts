import type { Random } from '@nerfseg/geometry';
import { between } from '../objects/palette.js';

export type Arm = 'main' | 'side';
export type SignalColor = 'green' | 'yellow' | 'red';

/** The traffic lights of a junction: both streets take turns, and people on foot cross one while the other has green. */
export interface Signals {
  colorAt(arm: Arm, time: number): SignalColor;
  /** Seconds that an arm's green goes on for; 0 while it is not green. */
  greenLeft(arm: Arm, time: number): number;
}

const yellow = 2.5;
/** Both red, so that the junction empties. */
const clearance = 1.5;

/** @param walk seconds that the slowest need on foot across each street: the other street's green is as long. */
export const createSignals = (random: Random, walk: Readonly<Record<Arm, number>>): Signals => {
  const main = Math.max(10, walk.side) + between(random, 0, 4);
  const side = Math.max(7, walk.main);
  const cycle = main + side + 2 * (yellow + clearance);
  const phase = random.next() * cycle;
  const begins = { main: 0, side: main + yellow + clearance };
  const green = { main, side };
  const since = (arm: Arm, time: number): number => {
    const t = (time + phase - begins[arm]) / cycle;
    return (t - Math.floor(t)) * cycle;
  };
  return {
    colorAt: (arm, time) => {
      const t = since(arm, time);
      return t < green[arm] ? 'green' : t < green[arm] + yellow ? 'yellow' : 'red';
    },
    greenLeft: (arm, time) => Math.max(0, green[arm] - since(arm, time)),
  };
};
