/// <reference types="@webgpu/types" />

/** What the dispatches of one program took, by the device's clock. */
export interface ProgramTime {
  readonly name: string;
  readonly dispatches: number;
  readonly ms: number;
}

/** Tells what the device spends in compute passes, by its own clock. */
export interface PassTimer {
  /** Milliseconds in passes while `run` was recorded and done; undefined where there were none, or more than can be counted. */
  measure(run: () => Promise<void>): Promise<number | undefined>;
  /**
   * The same by program, the longest first. Every dispatch gets a pass of its own, so that the sum is more than what `measure`
   * says: what begins and ends a pass counts, and nothing overlaps.
   */
  programs(run: () => Promise<void>): Promise<ProgramTime[] | undefined>;
}

/** The most queries that a set may have, and the most sets. */
const queries = 4096;
const mostSets = 16;

/** A compute pass as programs record into it: dispatches are handed to `dispatch` one by one. */
const splitPass = (
  dispatch: (
    pipeline: GPUComputePipeline,
    record: (pass: GPUComputePassEncoder) => void,
    groups: readonly number[],
  ) => void,
): GPUComputePassEncoder => {
  let pipeline: GPUComputePipeline | undefined;
  const bindGroups = new Map<number, Parameters<GPUComputePassEncoder['setBindGroup']>>();
  return {
    setPipeline: (given: GPUComputePipeline) => {
      pipeline = given;
    },
    setBindGroup: (...given: Parameters<GPUComputePassEncoder['setBindGroup']>) => {
      bindGroups.set(given[0], given);
    },
    dispatchWorkgroups: (...groups: number[]) =>
      dispatch(
        pipeline!,
        (pass) => {
          for (const given of bindGroups.values()) pass.setBindGroup(...given);
        },
        groups,
      ),
    end: () => {},
  } as unknown as GPUComputePassEncoder;
};

/**
 * Timestamps at the beginning and end of every compute pass, whoever records it: tfjs's programs and ours share the encoders that
 * the device makes. Undefined where the device has no timestamp queries.
 */
export const createPassTimer = (device: GPUDevice): PassTimer | undefined => {
  if (!device.features.has('timestamp-query')) return undefined;
  const sets: GPUQuerySet[] = [];
  const size = queries * 8;
  const resolved = device.createBuffer({
    size,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  let used: number | undefined;
  /** Names of the timed passes, where each is one dispatch. */
  let names: string[] | undefined;
  const plain = device.createCommandEncoder.bind(device);
  /** What times the next pass; nothing where no queries are left. */
  const nextWrites = (): Pick<GPUComputePassDescriptor, 'timestampWrites'> => {
    const first = used!;
    used = first + 2;
    if (used > queries * mostSets) return {};
    const querySet = (sets[Math.floor(first / queries)] ??= device.createQuerySet({
      type: 'timestamp',
      count: queries,
    }));
    const index = first % queries;
    return {
      timestampWrites: { querySet, beginningOfPassWriteIndex: index, endOfPassWriteIndex: index + 1 },
    };
  };
  device.createCommandEncoder = (descriptor) => {
    const encoder = plain(descriptor);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (pass) => {
      if (used === undefined) return begin(pass);
      if (!names) return begin({ ...pass, ...nextWrites() });
      return splitPass((pipeline, bind, [x = 1, y, z]) => {
        names?.push(pipeline.label);
        const own = begin({ ...pass, ...nextWrites() });
        own.setPipeline(pipeline);
        bind(own);
        own.dispatchWorkgroups(x, y, z);
        own.end();
      });
    };
    return encoder;
  };
  /** Milliseconds of each pass. */
  const timed = async (run: () => Promise<void>): Promise<number[] | undefined> => {
    used = 0;
    let count: number;
    try {
      await run();
    } finally {
      count = used;
      used = undefined;
    }
    if (count === 0 || count > queries * mostSets) return undefined;
    const times: number[] = [];
    for (let first = 0; first < count; first += queries) {
      const part = Math.min(queries, count - first);
      const encoder = plain();
      encoder.resolveQuerySet(sets[first / queries]!, 0, part, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, staging, 0, part * 8);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ, 0, part * 8);
      const stamps = new BigUint64Array(staging.getMappedRange(0, part * 8));
      for (let n = 0; n < part; n += 2) times.push(Number(stamps[n + 1]! - stamps[n]!) / 1e6);
      staging.unmap();
    }
    return times;
  };
  return {
    measure: async (run) => (await timed(run))?.reduce((sum, ms) => sum + ms),
    programs: async (run) => {
      names = [];
      const recorded = names;
      const times = await timed(run).finally(() => {
        names = undefined;
      });
      if (!times) return undefined;
      const found = new Map<string, { name: string; dispatches: number; ms: number }>();
      for (const [n, ms] of times.entries()) {
        const name = recorded[n] || 'unnamed';
        const program = found.get(name) ?? { name, dispatches: 0, ms: 0 };
        program.dispatches++;
        program.ms += ms;
        found.set(name, program);
      }
      return [...found.values()].sort((a, b) => b.ms - a.ms);
    },
  };
};
