import type { Random } from '@nerfseg/geometry';
import { car } from '../objects/car.js';
import { motorcyclist } from '../objects/cycle.js';
import { bus, truck } from '../objects/heavy.js';
import { between } from '../objects/palette.js';
import type { Part } from '../objects/parts.js';
import type { SemanticName } from '../semantics.js';
import type { Mover } from '../trace/scene.js';
import { type Agent, driveAll, driving, type Moment } from './drive.js';
import { addCrossers, addCyclists, addWalkers } from './footways.js';
import {
  addVehicle,
  beforeBegin,
  type Gathering,
  inJunction,
  mainRoute,
  mainStops,
  sideRoute,
  startsOf,
} from './gathering.js';
import type { Crossing, Layout } from './layout.js';
import { type Route, turning } from './route.js';

/** How the measuring car drives: along its lane, as traffic and lights let it. */
export interface EgoMotion {
  /** Metres to the left of the road's middle. */
  readonly d: number;
  /** Metres along the road at a time (seconds of the scene). */
  along(time: number): number;
}

const vehicles: readonly (readonly [SemanticName, (random: Random) => Part[]])[] = [
  ['car', car],
  ['car', car],
  ['motorcyclist', motorcyclist],
  ['truck', truck],
  ['car', car],
  ['motorcyclist', motorcyclist],
  ['bus', bus],
];

/** The measuring car's lane, counted from the middle, and the speed that it would like, metres per second. */
interface EgoWish {
  readonly lane: number;
  readonly speed: number;
}

/**
 * Everything that moves, the measuring car among it: vehicles in every lane and on the side street, some of which turn; cyclists on the cycle
 * lane or shoulder; walkers on the pavement, and some who cross. All keep their distance, wait at red lights, and let those pass whose way
 * they cross.
 *
 * @param seconds how long the scene lasts.
 */
export const fillTraffic = (
  layout: Layout,
  ego: EgoWish,
  seconds: number,
): { movers: Mover[]; ego: EgoMotion } => {
  const { profile, crossing } = layout;
  const gathering: Gathering = { layout, seconds, agents: [], bodies: [], slow: [], moment: {} };
  const laneAt = (side: number, lane: number): number =>
    side * (profile.median + (lane + 0.5) * profile.laneWidth);
  const d = laneAt(-1, ego.lane);
  gathering.agents.push({
    route: mainRoute(layout, `main -1 ${ego.lane}`, d, 1),
    start: -ego.speed * beforeBegin,
    // Its frame lies under the rear axle: this reaches to its front.
    length: 7.2,
    speed: ego.speed,
    manner: driving,
    stops: mainStops(layout, 1),
  });
  gathering.bodies.push(undefined);
  for (const side of [-1, 1]) {
    addCyclists(gathering, side);
    addWalkers(gathering, side);
  }
  for (const side of [-1, 1]) {
    for (let lane = 0; lane < profile.lanes; lane++)
      addLane(gathering, { side, lane, d: laneAt(side, lane) }, ego);
  }
  if (crossing) {
    for (const direction of [-1, 1]) {
      addSideStreet(gathering, crossing, direction);
      addCrossers(gathering, crossing, direction);
    }
  }
  const { along } = driveAll(gathering.agents, seconds, gathering.moment);
  const movers = gathering.bodies.flatMap((body, i) => (body ? [body((time) => along(i, time))] : []));
  return { movers, ego: { d, along: (time) => along(0, time) } };
};

const addLane = (
  gathering: Gathering,
  { side, lane, d }: { readonly side: number; readonly lane: number; readonly d: number },
  ego: EgoWish,
): void => {
  const { layout, seconds } = gathering;
  const { random, profile } = layout;
  const direction = -side;
  const own = side < 0 && lane === ego.lane;
  const pace = own ? Math.max(ego.speed, 3) : between(random, 6, 12);
  const queue = random.shuffle([...vehicles]);
  const { low, high } = startsOf(gathering, direction, pace * 1.25);
  let placed = 0;
  const place = (u: number): void => {
    const [semantic, build] = queue[placed++ % queue.length];
    if (u < low || u > high || inJunction(layout, u - pace * beforeBegin, direction)) return;
    const straight = mainRoute(layout, `main ${side} ${lane}`, d + between(random, -0.15, 0.15), direction);
    // Long vehicles would swing out.
    const turns = lane === profile.lanes - 1 && !['bus', 'truck'].includes(semantic) && random.next() < 0.6;
    const way = (turns && rightTurn(gathering, straight, direction, u)) || {
      route: straight,
      stops: mainStops(layout, direction),
    };
    const speed = pace * between(random, 0.85, 1.25);
    addVehicle(gathering, build(random), semantic, { ...way, start: u - pace * beforeBegin, speed });
  };
  const gap = (): number => between(random, 15, 32);
  if (own) {
    for (let u = between(random, 14, 24); u < layout.reach - 20; u += gap()) place(u);
    for (let u = -between(random, 14, 22); u > 40 - layout.reach; u -= gap()) place(u);
  } else {
    const reach = pace * seconds + layout.reach - 25;
    for (let u = Math.max(low, -reach); u < Math.min(high, reach); u += gap()) place(u);
  }
};

const nobody: Moment = { along: () => 0, speed: () => 0 };

/** From the outer lane into the side street, letting those pass who go straight on the right; undefined for who is too near. */
const rightTurn = (
  { layout, slow, moment }: Gathering,
  straight: Route,
  direction: number,
  u: number,
): Pick<Agent, 'route' | 'stops' | 'curve'> | undefined => {
  const { crossing, edges } = layout;
  if (!crossing) return undefined;
  const { kerb } = crossing.edges;
  const middle = crossing.s * direction;
  const from = middle - kerb * 0.8 - 1;
  if (u > from - 12) return undefined;
  // Whoever drives along turns towards the side street's begin, whoever comes towards its end.
  const route = turning(straight, from, sideRoute(crossing, -direction), edges.edge + 2);
  const busy = (): boolean =>
    slow.some((other) => {
      if (other.side !== -direction) return false;
      const { along, speed } = moment.now ?? nobody;
      const same = other.direction * direction;
      // How far past the turning lane it is, on its own way; turning takes some 3.5 seconds.
      const past = along(other.agent) - (crossing.s * direction - 0.5 * crossing.profile.laneWidth) * same;
      const pace = speed(other.agent);
      return past < 2.5 && past > -(pace > 0.2 ? Math.max(kerb, 2.5 + 3.5 * pace) : kerb - 2);
    });
  return {
    route,
    curve: { from, to: from + 14, speed: 4.5 },
    stops: [...mainStops(layout, direction), { at: from + 1, closed: busy }],
  };
};

/** Vehicles on the side street that cross the main street when they have green, and some that have crossed it. */
const addSideStreet = (gathering: Gathering, crossing: Crossing, direction: number): void => {
  const { random, edges } = gathering.layout;
  const line = -Math.max(edges.kerb + 4, edges.total + 0.6);
  const end = (direction > 0 ? crossing.road.end : -crossing.road.begin) - 12;
  const starts = [edges.total + between(random, 18, 50)];
  for (let u = line - between(random, 6, 20); u > -end && starts.length < 4; u -= between(random, 16, 40))
    starts.push(u);
  for (const u of starts) {
    const [semantic, build] = random.shuffle(vehicles.slice(0, 5))[0];
    addVehicle(gathering, build(random), semantic, {
      route: sideRoute(crossing, direction),
      start: u,
      speed: between(random, 6, 9),
      stops: [
        { at: line, closed: (time) => crossing.signals.colorAt('side', time) !== 'green' },
        { at: end, closed: () => true },
      ],
    });
  }
};
