import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createModelHost, type HostReply, type HostRequest, type ModelHost } from './model-host.js';

/** A {@link ModelHost} in a thread of its own. */
export interface ModelThread {
  readonly ask: ModelHost;
  /** Requests that wait for their answer. */
  readonly pending: () => number;
  readonly end: () => Promise<void>;
}

/** Present in the built package; when sources run as they are (tests), everything stays in one thread. */
const workerFile = fileURLToPath(new URL('./model-worker.js', import.meta.url));

/** Whether threads can be started here; `onnxruntime-node` blocks the thread that runs a model. */
export const canStartThreads = (): boolean => existsSync(workerFile);

/** Starts a thread, or a host in this one where none can be started. */
export const startModelThread = (inThisThread = !canStartThreads()): ModelThread =>
  inThisThread ? here() : apart();

function here(): ModelThread {
  const host = createModelHost();
  let turn: Promise<unknown> = Promise.resolve();
  const ask = (request: HostRequest): Promise<never> => {
    const answer = turn.then(() => host(request as never)) as Promise<never>;
    turn = answer.catch(() => undefined);
    return answer;
  };
  return {
    // In order, one at a time, as a thread does.
    ask,
    pending: () => 0,
    end: async () => {
      await ask({ kind: 'release' });
    },
  };
}

function apart(): ModelThread {
  const worker = new Worker(workerFile);
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  let asked = 0;
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    worker.unref();
  };
  // Only while it has something to do does the thread keep the process alive.
  worker.unref();
  worker.on('message', (reply: HostReply) => {
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) worker.unref();
    if ('error' in reply) caller?.reject(new Error(reply.error));
    else caller?.resolve(reply.answer as never);
  });
  worker.on('error', fail);
  worker.on('exit', (code) => {
    fail(new Error(`the thread of the model has ended (${code})`));
  });
  const send = (request: HostRequest): Promise<never> =>
    new Promise((resolve, reject) => {
      if (failure) {
        reject(failure);
        return;
      }
      const id = asked++;
      waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, request });
    });
  return {
    ask: send,
    pending: () => waiting.size,
    end: async () => {
      if (failure === undefined) await send({ kind: 'release' });
    },
  };
}
