import { hdl32e, hdl64e, type ScannerName, type SimulationFormat, scanners } from '@nerfseg/sim';

/** Elevations (radians) of a scanner with as many lasers, spread evenly over the field of view of another: by default the format's own. */
export function elevationsOf(format: SimulationFormat, channels: number, like?: ScannerName): number[] {
  const { elevations } = like ? scanners[like] : format === 'nuscenes' ? hdl32e : hdl64e;
  const low = Math.min(...elevations);
  const high = Math.max(...elevations);
  if (channels === 1) return [(low + high) / 2];
  return Array.from({ length: channels }, (_, i) => low + ((high - low) * i) / (channels - 1));
}
