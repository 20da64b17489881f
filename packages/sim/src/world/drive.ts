import type { Route } from './route.js';

/** Somebody under way: a vehicle, a cyclist, someone on foot, the measuring car. */
export interface Agent {
  readonly route: Route;
  /** Where its middle is at the start, metres along its route. */
  readonly start: number;
  readonly length: number;
  /** Metres per second that it goes at where nothing hinders it. */
  readonly speed: number;
  readonly manner: Manner;
  /** Places where it may have to wait: its front stays before `at` while `closed`. */
  readonly stops: readonly { readonly at: number; closed(time: number, agent: number): boolean }[];
  /** Stretch of the route that it takes slowly. */
  readonly curve?: { readonly from: number; readonly to: number; readonly speed: number };
}

/** The parameters of the Intelligent Driver Model (Treiber, Hennecke and Helbing 2000). */
export interface Manner {
  /** Metres to whoever stands ahead. */
  readonly gap: number;
  /** Seconds to whoever moves ahead. */
  readonly headway: number;
  /** Metres per second squared. */
  readonly acceleration: number;
  readonly braking: number;
}

export const driving: Manner = { gap: 2.2, headway: 1.2, acceleration: 1.6, braking: 2.2 };
export const cycling: Manner = { gap: 0.8, headway: 0.8, acceleration: 0.8, braking: 1.6 };
export const walking: Manner = { gap: 0.5, headway: 0.5, acceleration: 0.8, braking: 1.2 };

/** Where everybody is when. */
export interface Trajectories {
  /** Metres along the agent's route at a time (seconds of the scene). */
  along(agent: number, time: number): number;
  speed(agent: number, time: number): number;
}

const step = 0.1;
/** Sweeps and shutters reach back before time 0. */
const begin = -1;

/** What the rules of `stops` may ask of the moment they are asked for. */
export interface Moment {
  along(agent: number): number;
  speed(agent: number): number;
}

/**
 * Moves all agents along their routes: each keeps its distance to whoever is ahead in its file, and waits where it must.
 *
 * @param seconds until when.
 */
export const driveAll = (
  agents: readonly Agent[],
  seconds: number,
  moment: { now?: Moment },
): Trajectories => {
  const steps = Math.ceil((seconds - begin) / step) + 2;
  const count = agents.length;
  const u = new Float64Array(count * steps);
  const v = new Float64Array(count * steps);
  agents.forEach((agent, i) => {
    u[i] = agent.start;
  });
  moment.now = { along: (agent) => u[agent], speed: () => 1 };
  agents.forEach((agent, i) => {
    v[i] = startSpeed(agent, i);
  });
  for (let k = 0; k + 1 < steps; k++) {
    const here = u.subarray(k * count, (k + 1) * count);
    const speeds = v.subarray(k * count, (k + 1) * count);
    moment.now = { along: (agent) => here[agent], speed: (agent) => speeds[agent] };
    const files = filesOf(agents, here);
    const time = begin + k * step;
    for (let i = 0; i < count; i++) {
      const a = acceleration(agents, i, here, speeds, files, time);
      const next = Math.max(0, speeds[i] + a * step);
      v[(k + 1) * count + i] = next;
      u[(k + 1) * count + i] = here[i] + 0.5 * (speeds[i] + next) * step;
    }
  }
  const at = (array: Float64Array, agent: number, time: number): number => {
    const position = Math.min(steps - 1.001, Math.max(0, (time - begin) / step));
    const k = Math.floor(position);
    const from = array[k * count + agent];
    return from + (array[(k + 1) * count + agent] - from) * (position - k);
  };
  return {
    along: (agent, time) => {
      const position = Math.min(steps - 1.001, Math.max(0, (time - begin) / step));
      const k = Math.floor(position);
      const f = position - k;
      const from = k * count + agent;
      // Quadratic within a step, so that speed has no jumps.
      return u[from] + step * f * (v[from] + 0.5 * (v[from + count] - v[from]) * f);
    },
    speed: (agent, time) => at(v, agent, time),
  };
};

/** As fast as it can still stop where it must. */
const startSpeed = ({ start, length, speed, manner, stops }: Agent, i: number): number =>
  stops.reduce((most, { at, closed }) => {
    const gap = at - start - length / 2;
    return gap > -0.5 && closed(begin, i)
      ? Math.min(most, Math.sqrt(2 * manner.braking * Math.max(0, gap - 1)))
      : most;
  }, speed);

type File = { agent: number; at: number }[];

/** Who is in which file, rearmost first. */
const filesOf = (agents: readonly Agent[], here: Float64Array): Map<string, File> => {
  const files = new Map<string, File>();
  agents.forEach(({ route, length }, agent) => {
    for (const { name, from, to, offset } of route.files) {
      if (!isIn(here[agent], from, to, length)) continue;
      const file = files.get(name);
      const entry = { agent, at: here[agent] + offset };
      if (file) file.push(entry);
      else files.set(name, [entry]);
    }
  });
  for (const file of files.values()) file.sort((a, b) => a.at - b.at || a.agent - b.agent);
  return files;
};

/** Whoever turns into a file is seen by those in it before its middle is; its tail leaves after it. */
const isIn = (here: number, from: number, to: number, length: number): boolean =>
  here >= from - length / 2 - 4 && here <= to + length;

const sight = 80;

const acceleration = (
  agents: readonly Agent[],
  i: number,
  here: Float64Array,
  speeds: Float64Array,
  files: Map<string, File>,
  time: number,
): number => {
  const { route, length, manner, stops, curve } = agents[i];
  const speed = speeds[i];
  let wish = agents[i].speed;
  if (curve && here[i] < curve.to) {
    const distance = Math.max(0, curve.from - here[i]);
    wish = Math.min(wish, Math.sqrt(curve.speed ** 2 + 2 * 0.7 * manner.braking * distance));
  }
  if (wish < 0.05) return -manner.braking;
  let hindrance = 0;
  const behind = (gap: number, ahead: number): void => {
    const wanted =
      manner.gap +
      Math.max(
        0,
        speed * manner.headway +
          (speed * (speed - ahead)) / (2 * Math.sqrt(manner.acceleration * manner.braking)),
      );
    hindrance = Math.max(hindrance, (wanted / Math.max(0.1, gap)) ** 2);
  };
  for (const { name, from, to, offset } of route.files) {
    if (here[i] > to || here[i] < from - sight) continue;
    const own = here[i] + offset;
    // Who is about to turn into the file looks at those beyond the place where it will enter it.
    const after = isIn(here[i], from, to, length) ? own : from + offset;
    const leader = files.get(name)?.find(({ agent, at }) => agent !== i && at > own && at > after);
    if (leader && leader.at - own < sight) {
      behind(leader.at - own - (length + agents[leader.agent].length) / 2, speeds[leader.agent]);
    }
  }
  for (const { at, closed } of stops) {
    const gap = at - here[i] - length / 2;
    // Too late to stop, or past: on it goes.
    if (gap < -0.5 || gap < (speed * speed) / (2 * 1.6 * manner.braking) - 1 || gap > sight) continue;
    if (closed(time, i)) behind(gap + manner.gap - 0.3, 0);
  }
  const free = 1 - (speed / wish) ** 4;
  return Math.max(-6, manner.acceleration * Math.max(-6, free - hindrance));
};
