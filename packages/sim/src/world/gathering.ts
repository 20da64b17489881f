import { Matrix4 } from 'three';
import { bake, type Part } from '../objects/parts.js';
import type { Striding } from '../objects/person.js';
import type { SemanticName } from '../semantics.js';
import { type Bvh, buildBvh } from '../trace/bvh.js';
import { createMeshBuilder } from '../trace/mesh.js';
import type { Mover } from '../trace/scene.js';
import { type Agent, driving, type Moment } from './drive.js';
import { type Crossing, type Layout, register } from './layout.js';
import { along, type Route } from './route.js';

/** All who will move, while they are gathered. */
export interface Gathering {
  readonly layout: Layout;
  readonly seconds: number;
  readonly agents: Agent[];
  /** The mover of agent i, given how far it has come at a time; the measuring car (0) has none. */
  readonly bodies: (((come: (time: number) => number) => Mover) | undefined)[];
  /** Who walks or cycles along which side of the main street: those who turn wait for them. */
  readonly slow: { readonly side: number; readonly direction: number; readonly agent: number }[];
  readonly moment: { now?: Moment };
}

/** Agents start this long before time 0, so that their files have settled. */
export const beforeBegin = 1;

/** The stretch, measured in a direction of the main street, on which someone can start and not leave the modelled road. */
export const startsOf = (
  { layout: { road }, seconds }: Gathering,
  direction: number,
  fastest: number,
): { low: number; high: number } => ({
  low: (direction > 0 ? road.begin : -road.end) + 10,
  high: (direction > 0 ? road.end : -road.begin) - 10 - fastest * (seconds + beforeBegin),
});

/** Along the main street at distance d; `z` above it, but on the ground where the side street crosses. */
export const mainRoute = (
  { road, crossing }: Layout,
  name: string,
  d: number,
  direction: number,
  z = 0,
): Route =>
  along({
    road,
    name,
    direction,
    d,
    height: (s) => (crossing && Math.abs(s - crossing.s) < crossing.edges.kerb ? 0 : z),
    upright: z > 0,
  });

/** Along the right lane of the side street. */
export const sideRoute = ({ road, profile }: Crossing, direction: number): Route =>
  along({
    road,
    name: `side ${direction}`,
    direction,
    d: -direction * 0.5 * profile.laneWidth,
    height: () => 0,
    upright: false,
  });

/** The stop line of the main street for those who drive or cycle in a direction. */
export const mainStops = ({ crossing }: Layout, direction: number): Agent['stops'] =>
  crossing
    ? [
        {
          at: crossing.s * direction - crossing.edges.kerb - 4,
          closed: (time) => crossing.signals.colorAt('main', time) !== 'green',
        },
      ]
    : [];

/** Whether someone who starts there would stand in the junction while the side street has its turn. */
export const inJunction = ({ crossing }: Layout, u: number, direction: number): boolean => {
  if (!crossing || crossing.signals.colorAt('main', -beforeBegin) === 'green') return false;
  const from = u - crossing.s * direction;
  return from > -crossing.edges.kerb - 11 && from < crossing.edges.kerb + 9;
};

/** Adds a vehicle that goes a way. */
export const addVehicle = (
  { layout, agents, bodies }: Gathering,
  parts: readonly Part[],
  semantic: SemanticName,
  way: Pick<Agent, 'route' | 'start' | 'speed' | 'stops' | 'curve'>,
): void => {
  const builder = createMeshBuilder();
  bake(builder, parts, new Matrix4(), semantic, register(layout, semantic, true));
  const bvh = buildBvh(builder.build(), 'quick');
  // Twice from its middle to its farther end.
  agents.push({ ...way, length: 2 * Math.max(-bvh.bounds[0], bvh.bounds[3]), manner: driving });
  bodies.push((come) => ({
    postures: [() => bvh],
    poseAt: (time, out) => void way.route.place(come(time), out),
  }));
};

const postureCount = 6;

/** Adds someone on foot or on a bicycle, whose stride goes with the way. Postures are made when a ray first needs them. */
export const addStriding = (
  { layout, agents, bodies }: Gathering,
  striding: Striding,
  semantic: SemanticName,
  metresPerStride: number,
  agent: Agent,
): void => {
  const id = register(layout, semantic, true);
  const postures = Array.from({ length: postureCount }, (_, i) => {
    let bvh: Bvh | undefined;
    return (): Bvh => {
      if (!bvh) {
        const builder = createMeshBuilder();
        bake(builder, striding(i / postureCount), new Matrix4(), semantic, id);
        bvh = buildBvh(builder.build(), 'quick');
      }
      return bvh;
    };
  });
  agents.push(agent);
  bodies.push((come) => ({
    postures,
    postureAt: (time) => {
      const strides = come(time) / metresPerStride;
      return Math.floor((strides - Math.floor(strides)) * postureCount);
    },
    poseAt: (time, out) => void agent.route.place(come(time), out),
  }));
};
