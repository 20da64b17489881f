/**
 * The operating system's code (ENOENT, ...) of what a file function threw; undefined for anything else. Asked for by name, since
 * `instanceof` fails for errors of another realm.
 */
export const systemCode = (thrown: unknown): string | undefined =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code !== undefined
    ? String(thrown.code)
    : undefined;
