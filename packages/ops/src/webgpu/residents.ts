import type { NerfsegWebGpuBackend } from './backend.js';
import type { Resident } from './resident.js';

/** Buffers on one device that are kept as long as the host object that they were made from. */
interface Residents {
  readonly known: WeakMap<object, Map<string, readonly Resident[]>>;
  readonly registry: FinalizationRegistry<readonly Resident[]>;
}

const perBackend = new WeakMap<NerfsegWebGpuBackend, Residents>();

const residentsOf = (gpu: NerfsegWebGpuBackend): Residents => {
  let residents = perBackend.get(gpu);
  if (!residents) {
    const registry = new FinalizationRegistry<readonly Resident[]>((buffers) => {
      for (const buffer of buffers) gpu.release(buffer);
    });
    residents = { known: new WeakMap(), registry };
    perBackend.set(gpu, residents);
  }
  return residents;
};

/** Buffers derived from `owner`, made once per device under a name, and freed when `owner` is collected. */
export const derived = <T extends readonly Resident[]>(
  gpu: NerfsegWebGpuBackend,
  owner: object,
  name: string,
  make: () => T,
): T => {
  const { known, registry } = residentsOf(gpu);
  let named = known.get(owner);
  if (!named) known.set(owner, (named = new Map()));
  let buffers = named.get(name);
  if (!buffers) {
    buffers = make();
    named.set(name, buffers);
    registry.register(owner, buffers);
  }
  return buffers as T;
};

/** A typed array on the device: uploaded once, found again by identity, freed when it is collected. */
export const uploaded = (gpu: NerfsegWebGpuBackend, array: ArrayBufferView, what: string): Resident =>
  derived(gpu, array, 'upload', () => [gpu.uploadResident(array, what)] as const)[0];
