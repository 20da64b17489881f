/** Remembers what a function made for each combination of simple arguments: programs are made once per variant. */
export const once = <Arguments extends readonly (string | number | boolean)[], T>(
  make: (...variant: Arguments) => T,
): ((...variant: Arguments) => T) => {
  const known = new Map<string, T>();
  return (...variant) => {
    const key = variant.join();
    let made = known.get(key);
    if (made === undefined) known.set(key, (made = make(...variant)));
    return made;
  };
};
