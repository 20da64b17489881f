/** An environment variable; undefined where it is unset or empty, and in browsers. */
export const setting = (name: string): string | undefined =>
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[name] ||
  undefined;

/** Whether an environment variable turns something on: set, and not to 0. */
export const isOn = (name: string): boolean => (setting(name) ?? '0') !== '0';
