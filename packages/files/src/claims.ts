import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { open, rm, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { systemCode } from './system-code.js';

/** When a claim counts as abandoned. */
export interface ClaimRules {
  /** Milliseconds between two signs of life of a claim's owner; default 10,000. */
  readonly beat?: number;
  /**
   * Milliseconds without one, as watched by this process, after which the owner is taken for dead; default 60,000. On
   * one machine a dead process is noticed at once.
   */
  readonly silence?: number;
}

/** The right to do a piece of work: to make one picture's masks, say. */
export interface Claim {
  readonly state: 'mine';
  /** 0, or how many dead owners went before. */
  readonly generation: number;
  readonly release: () => Promise<void>;
}

/** Somebody else's claim. */
export interface ForeignClaim {
  readonly state: 'taken';
  /** Who holds it, for people. */
  readonly by: string;
  /** Whether that is a process of this machine, which runs; of other machines signs of life alone are known. */
  readonly isRunning: boolean;
}

/** Takes and watches the claims of one folder. */
export interface Claims {
  /**
   * Takes the claim on a key, unless somebody alive holds it. Fails as the file system does, with a folder that is not
   * there for one.
   */
  readonly take: (key: string) => Promise<Claim | ForeignClaim>;
  /** Whether the claim in this file is there and its owner dead, as far as is known so far. */
  readonly isAbandoned: (file: string) => Promise<boolean>;
}

/**
 * Claims are files `<key>.<generation>`, made exclusively, so one process alone succeeds; each says who made it. A dead
 * owner's claim is never taken away but followed by the next generation's, made exclusively as well: of all that find it
 * dead, one alone goes on. The owner touches its claim as a sign of life, and removes it and its forerunners at the end.
 *
 * Clocks of different machines are not compared: a watcher waits for the file's time to change.
 */
export function claimsIn(folder: string, { beat = 10_000, silence = 60_000 }: ClaimRules = {}): Claims {
  const watched = new Map<string, { readonly changed: number; readonly since: number }>();

  const isDead = ({ owner, changed }: Seen, file: string): boolean => {
    if (isHere(owner) && !isRunning(owner.pid)) return true;
    const before = watched.get(file);
    if (before === undefined || before.changed !== changed) {
      watched.set(file, { changed, since: performance.now() });
      return false;
    }
    return performance.now() - before.since > silence;
  };

  return {
    isAbandoned: async (file) => {
      const seen = await look(file);
      return seen !== undefined && isDead(seen, file);
    },
    take: async (key) => {
      const fileOf = (generation: number): string => path.join(folder, `${key}.${generation}`);
      for (let generation = 0; ; generation++) {
        const file = fileOf(generation);
        if (await create(file)) {
          const timer = setInterval(() => {
            const now = new Date();
            utimes(file, now, now).catch(() => undefined);
          }, beat);
          timer.unref();
          return {
            state: 'mine',
            generation,
            release: async () => {
              clearInterval(timer);
              // The oldest first: while one of them stands, nobody starts over at 0.
              for (let g = 0; g <= generation; g++) {
                watched.delete(fileOf(g));
                await rm(fileOf(g), { force: true }).catch(() => undefined);
              }
            },
          };
        }
        const seen = await look(file);
        // Released since: all may have changed.
        if (seen === undefined) generation = -1;
        else if (!isDead(seen, file))
          return {
            state: 'taken',
            by: nameOf(seen.owner),
            isRunning: isHere(seen.owner) && isRunning(seen.owner.pid),
          };
      }
    },
  };
}

interface Owner {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
}

interface Seen {
  /** Undefined where the claim cannot be read: its owner may be about to write it, or died before it could. */
  readonly owner: Owner | undefined;
  /** When it was touched last, by the file system's clock. */
  readonly changed: number;
}

async function create(file: string): Promise<boolean> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, 'wx');
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    const owner: Owner = { machine: thisMachine(), host: hostname(), pid: process.pid };
    await handle.writeFile(`${JSON.stringify({ ...owner, id: randomBytes(6).toString('hex') })}\n`);
  } catch (error) {
    await rm(file, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
  return true;
}

/** Undefined when the claim is gone. Opening it, too, makes network file systems look anew. */
async function look(file: string): Promise<Seen | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      const text = await handle.readFile('utf8');
      return { owner: ownerOf(text), changed: (await handle.stat()).mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function ownerOf(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { machine, host, pid } = value as Partial<Record<keyof Owner, unknown>>;
    return typeof machine === 'string' && typeof host === 'string' && typeof pid === 'number'
      ? { machine, host, pid }
      : undefined;
  } catch {
    return undefined;
  }
}

const nameOf = (owner: Owner | undefined): string =>
  owner === undefined ? 'somebody' : `process ${owner.pid} on ${owner.host}`;

const isHere = (owner: Owner | undefined): owner is Owner => owner?.machine === thisMachine();

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
};

let machine: string | undefined;

/** Where a process number means something: a machine since it started, and within it a container. */
function thisMachine(): string {
  machine ??= [
    hostname(),
    attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    attempt(() => readlinkSync('/proc/self/ns/pid')),
  ].join(' ');
  return machine;
}

const attempt = (read: () => string): string => {
  try {
    return read();
  } catch {
    return '';
  }
};
