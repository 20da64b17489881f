import { availableParallelism } from 'node:os';

/** Threads for the kernels: NERFSEG_THREADS, or as many as the process may use. */
export const threadsWanted = (): number => {
  const wanted = Number(process.env.NERFSEG_THREADS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
};
