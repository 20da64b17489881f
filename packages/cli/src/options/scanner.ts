import { hdl32e, hdl64e, type SimulationFormat } from '@nerfseg/sim';

/** Elevations (radians) of a scanner with as many lasers, spread evenly over the field of view of the format's own one. */
export function elevationsOf(format: SimulationFormat, channels: number): number[] {
  const { elevations } = format === 'nuscenes' ? hdl32e : hdl64e;
  const low = Math.min(...elevations);
  const high = Math.max(...elevations);
  if (channels === 1) return [(low + high) / 2];
  return Array.from({ length: channels }, (_, i) => low + ((high - low) * i) / (channels - 1));
}
