/** Whole numbers >= 0 as LEB128: seven bits a byte, lowest first, the eighth set where more follow. */
export function writeNumbers(numbers: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (let number of numbers) {
    for (; number >= 128; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
    bytes.push(number);
  }
  return Uint8Array.from(bytes);
}

/** Reads what {@link writeNumbers} wrote, to the end of the bytes; a last number that is cut off is left out. */
export function readNumbers(bytes: Uint8Array): Float64Array {
  const numbers = new Float64Array(bytes.length);
  let [count, value, factor] = [0, 0, 1];
  for (const byte of bytes) {
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte >= 128) continue;
    numbers[count++] = value;
    [value, factor] = [0, 1];
  }
  return numbers.subarray(0, count);
}
