/** The engines in the order in which they are tried. */
export const engineNames = ['tfjs-node-gpu', 'webgpu', 'nerfseg-cpu', 'tfjs-wasm', 'tfjs-cpu'] as const;

export type EngineName = (typeof engineNames)[number];

/** What was found out about one engine. */
export interface ConsideredEngine {
  readonly name: EngineName;
  readonly usable: boolean;
  readonly why: string;
}

/** The engine in use: its backend is tfjs's current one. */
export interface EngineChoice {
  readonly name: EngineName;
  /** tfjs's name of the backend. */
  readonly backend: string;
  /** Threads of the CPU that its kernels use. */
  readonly threads: number;
  /** Every engine that was looked at, in order; the last one is the choice. */
  readonly considered: readonly ConsideredEngine[];
}

/** No engine as asked for. The same fields as `DataError` of `@nerfseg/geometry`, so one formatter serves both. */
export interface EngineError {
  readonly _tag: 'DataError';
  readonly code: 'not-found' | 'out-of-range' | 'unavailable';
  /** Who asked: the argument or the environment variable. */
  readonly source: string;
  readonly field: string;
  readonly found: string;
  readonly expected: string;
  readonly hint?: string;
}

/** A backend that has been set up, or why it cannot be. */
export interface StartedEngine {
  readonly backend: string;
  readonly threads: number;
  readonly why: string;
}
