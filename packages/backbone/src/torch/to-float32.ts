import type { HostTensor } from '../safetensors/types.js';

/** IEEE half precision: 1 sign, 5 exponent, 10 fraction bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let halves: Float32Array | undefined;

/** All 65,536 halves are worked out once: a checkpoint has millions. */
function widenHalves(bits: Uint16Array): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, pattern) => half(pattern));
  const values = new Float32Array(bits.length);
  for (let i = 0; i < values.length; i++) values[i] = halves[bits[i]];
  return values;
}

/** bfloat16 is the upper half of a float32. */
function brain(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = bits[i] << 16;
  return new Float32Array(wide.buffer);
}

/** A tensor's numbers as float32: halves are widened exactly, doubles and integers rounded. */
export function toFloat32({ dtype, data }: HostTensor): Float32Array {
  if (dtype === 'F16') return widenHalves(data as Uint16Array);
  if (dtype === 'BF16') return brain(data as Uint16Array);
  if (dtype === 'F32') return data as Float32Array;
  const values = new Float32Array(data.length);
  for (let i = 0; i < values.length; i++) values[i] = Number(data[i]);
  return values;
}
