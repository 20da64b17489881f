/**
 * Waits for all of the work. When some of it fails, the rest is waited for as well before the first failure is thrown: who is told
 * then may remove the folder, or end the process, with no file under way.
 */
export const allSettled = async (work: readonly Promise<unknown>[]): Promise<void> => {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
};
