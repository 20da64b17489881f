import { bicyclist } from '../objects/cycle.js';
import { between } from '../objects/palette.js';
import { walker } from '../objects/person.js';
import { type Agent, cycling, walking } from './drive.js';
import {
  addStriding,
  beforeBegin,
  type Gathering,
  inJunction,
  mainRoute,
  mainStops,
  startsOf,
} from './gathering.js';
import type { Crossing } from './layout.js';
import { along } from './route.js';

/** Cyclists on one side's cycle lane or shoulder. */
export const addCyclists = (gathering: Gathering, side: number): void => {
  const { layout, slow, agents } = gathering;
  const { random, edges } = layout;
  const direction = -side;
  const d = side * (edges.lanes + edges.edge) * 0.5;
  const { low, high } = startsOf(gathering, direction, 6);
  for (let u = low + between(random, 0, 12); u < high; u += between(random, 14, 34)) {
    const speed = between(random, 3.4, 6);
    if (inJunction(layout, u - speed * beforeBegin, direction)) continue;
    slow.push({ side, direction, agent: agents.length });
    addStriding(gathering, bicyclist(random), 'bicyclist', 4.6, {
      route: mainRoute(layout, `cycle ${side}`, d + between(random, -0.15, 0.15), direction),
      start: u - speed * beforeBegin,
      length: 1.9,
      speed,
      manner: cycling,
      stops: mainStops(layout, direction),
    });
  }
};

/** Metres per second of the slowest walkers. */
export const slowest = 1;

/** Of those who cross the main street, who hurry. */
export const slowestAcross = 1.25;

/** People on one side's pavement, in both directions. They cross the side street while the main street has green. */
export const addWalkers = (gathering: Gathering, side: number): void => {
  const { layout, slow, agents } = gathering;
  const { random, edges, profile, kind, crossing } = layout;
  if (profile.sidewalk < 1.5) return;
  const near = edges.verge + (profile.verge > 0.5 ? 0.4 : 1.2);
  const far = edges.total - (profile.sidewalk > 3 ? 1.4 : 0.6);
  const spacing = kind === 'downtown' ? 11 : kind === 'suburb' ? 20 : 32;
  for (const direction of [-1, 1]) {
    const { low, high } = startsOf(gathering, direction, 1.7);
    for (
      let u = low + between(random, 0, spacing);
      u < high;
      u += between(random, spacing * 0.4, spacing * 1.6)
    ) {
      const speed = between(random, slowest, 1.7);
      const d = side * (direction < 0 ? near : far);
      if (crossing && Math.abs(u - crossing.s * direction) < crossing.edges.kerb + 1) continue;
      slow.push({ side, direction, agent: agents.length });
      addStriding(gathering, walker(random), 'pedestrian', 1.4, {
        route: mainRoute(layout, `walk ${side} ${direction}`, d, direction, profile.kerb),
        start: u,
        length: 0.6,
        speed,
        manner: walking,
        stops: crossing ? [mouthOf(crossing, direction)] : [],
      });
    }
  }
};

/** Where walkers along the main street wait for its green. */
const mouthOf = ({ s, edges, signals }: Crossing, direction: number): Agent['stops'][number] => ({
  at: s * direction - edges.kerb - 0.3,
  closed: (time) => signals.greenLeft('main', time) < (2 * edges.kerb) / slowest - 2,
});

/** People who cross the main street at the junction while the side street has green. */
export const addCrossers = (gathering: Gathering, crossing: Crossing, direction: number): void => {
  const { layout } = gathering;
  const { random, edges, profile } = layout;
  for (const arm of [-1, 1]) {
    const crossers = random.int(3);
    for (let i = 0; i < crossers; i++) {
      const speed = between(random, slowestAcross, 1.8);
      const d = arm * (crossing.edges.kerb + 1.8 + direction * 0.5) + between(random, -0.15, 0.15);
      addStriding(gathering, walker(random), 'pedestrian', 1.4, {
        route: along({
          road: crossing.road,
          name: `cross ${arm} ${direction}`,
          direction,
          d,
          height: (s) => (Math.abs(s) < profile.median ? 0.15 : Math.abs(s) < edges.kerb ? 0 : profile.kerb),
          upright: true,
        }),
        start: -edges.kerb - 0.7 - i * between(random, 0.9, 1.3),
        length: 0.5,
        speed,
        manner: walking,
        stops: [
          {
            at: -edges.kerb - 0.3,
            closed: (time) => crossing.signals.greenLeft('side', time) < (2 * edges.kerb) / speed,
          },
          // They go on along the side street.
          { at: crossing.road.end - 12, closed: () => true },
        ],
      });
    }
  }
};
