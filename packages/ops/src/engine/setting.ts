/** An environment variable; undefined where it is unset or empty, and in browsers. */
export const setting = (name: string): string | undefined =>
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[name] ||
  undefined;
