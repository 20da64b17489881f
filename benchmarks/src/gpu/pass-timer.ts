/// <reference types="@webgpu/types" />

/** Adds up the time that the device spends in compute passes, by its own clock. */
export interface PassTimer {
  /** Milliseconds in passes while `run` was recorded and done; undefined where there were more passes than can be counted. */
  measure(run: () => Promise<void>): Promise<number | undefined>;
}

/** The most queries that a set may have. */
const queries = 4096;

/**
 * Timestamps at the beginning and end of every compute pass, whoever records it: tfjs's programs and ours share the encoders that
 * the device makes. Undefined where the device has no timestamp queries.
 */
export const createPassTimer = (device: GPUDevice): PassTimer | undefined => {
  if (!device.features.has('timestamp-query')) return undefined;
  const querySet = device.createQuerySet({ type: 'timestamp', count: queries });
  const size = queries * 8;
  const resolved = device.createBuffer({
    size,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  let used: number | undefined;
  const plain = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = plain(descriptor);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (pass) => {
      if (used === undefined) return begin(pass);
      const first = used;
      used += 2;
      if (used > queries) return begin(pass);
      const timestampWrites = { querySet, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 };
      return begin({ ...pass, timestampWrites });
    };
    return encoder;
  };
  return {
    measure: async (run) => {
      used = 0;
      await run();
      const count = used;
      used = undefined;
      if (count === 0 || count > queries) return undefined;
      const encoder = plain();
      encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, staging, 0, count * 8);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ, 0, count * 8);
      const times = new BigUint64Array(staging.getMappedRange(0, count * 8));
      let total = 0n;
      for (let n = 0; n < count; n += 2) total += times[n + 1]! - times[n]!;
      staging.unmap();
      return Number(total) / 1e6;
    },
  };
};
