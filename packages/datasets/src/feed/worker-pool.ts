import { Worker } from 'node:worker_threads';
import { dataError } from '@nerfseg/geometry';
import type { Answer, Job, WorkerSettings } from './messages.js';

/** Threads that answer jobs. */
export interface WorkerPool {
  /** Hands a job to the next thread in turn; never rejects. */
  readonly run: (job: Job) => Promise<Answer>;
  /** Whether the threads keep the process alive: only while somebody waits for them. */
  readonly hold: (held: boolean) => void;
  readonly close: () => Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: { readonly position: number; readonly resolve: (answer: Answer) => void }[];
  /** What ended it. */
  dead?: Answer;
}

/** Starts threads. */
export const startPool = (code: URL, count: number, settings: WorkerSettings): WorkerPool => {
  const threads = Array.from({ length: count }, () => startThread(code, settings));
  let next = 0;
  return {
    run: (job) => {
      const thread = threads[next++ % count];
      if (thread.dead) return Promise.resolve(thread.dead);
      try {
        thread.worker.postMessage(job, job.slab ? [job.slab] : []);
      } catch (thrown) {
        // An item that is no plain data: told in its place. A rejection that is not met yet would end the process.
        return Promise.resolve({ kind: 'thrown', message: String(thrown) });
      }
      return new Promise((resolve) => {
        thread.waiting.push({ position: job.position, resolve });
      });
    },
    hold: (held) => {
      for (const { worker } of threads) held ? worker.ref() : worker.unref();
    },
    close: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
};

const startThread = (code: URL, workerData: WorkerSettings): Thread => {
  const worker = new Worker(code, { workerData });
  const thread: Thread = { worker, waiting: [] };
  const end = (how: string): void => {
    thread.dead ??= {
      kind: 'error',
      error: dataError('unavailable', 'feed', 'worker', how, 'a thread that runs until the feed is closed'),
    };
    for (const { resolve } of thread.waiting.splice(0)) resolve(thread.dead);
  };
  worker.on('message', (answer: Answer) => thread.waiting.shift()?.resolve(answer));
  worker.on('error', (error) => end(error.message));
  worker.on('exit', (status) => end(`it ended with status ${status}`));
  worker.unref();
  return thread;
};
