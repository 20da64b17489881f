import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

type Values = Float32Array | Int32Array | Uint8Array;
type Answer = Record<string, unknown>;

/** A running PyTorch process; see benchmarks/peers/torch_peer.py. */
export interface TorchPeer {
  readonly version: string;
  /** 'cpu', or the GPU's name. */
  readonly device: string;
  /** Sparse convolution libraries that it can use. */
  readonly libraries: readonly string[];
  array(name: string, values: Values, shape: readonly number[]): Promise<void>;
  prepare(id: string, build: string, args: object): Promise<void>;
  /** Milliseconds of one run, by the peer's own clock. */
  time(id: string): Promise<number>;
  /** Milliseconds of a run, in a batch of them that ends when the device has done it. */
  bench(id: string, batch: number): Promise<number>;
  /** Whether products may round their factors to TF32. */
  allowTf32(on: boolean): Promise<void>;
  result(id: string): Promise<{ values: number[]; sum: number; size: number }>;
  forget(...names: string[]): Promise<void>;
  /** Stops the process, spinning threads included, until it is asked something. */
  pause(): void;
  /** Highest resident size so far, bytes. */
  peakMemory(): Promise<number>;
  /** Another process like this one. */
  another(): Promise<TorchPeer>;
  stop(): void;
}

const script = fileURLToPath(new URL('../../peers/torch_peer.py', import.meta.url));

const canPause = process.platform !== 'win32';

const dtypeOf = (values: Values): string =>
  values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'uint8';

/** One line of JSON out for every line in. */
const conversation = (child: ChildProcess, complaint: () => string): (() => Promise<Answer>) => {
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  const lines: Answer[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    const next = waiting.shift();
    if (next) next.resolve(answer);
    else lines.push(answer);
  });
  const end = (error: Error): void => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  child.on('error', end);
  child.on('close', (code) => end(new Error(complaint() || `the PyTorch process ended with ${code}`)));
  return () => {
    const line = lines.shift();
    return line ? Promise.resolve(line) : new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
};

/** Starts one process; rejects where Python or PyTorch is missing, or the device is. */
export const startTorch = async (
  python: string,
  threads: number,
  environment: NodeJS.ProcessEnv,
  device = 'cpu',
): Promise<TorchPeer> => {
  const env = { ...environment, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
  const child = spawn(python, [script, String(threads), device], { stdio: ['pipe', 'pipe', 'pipe'], env });
  let complaint = '';
  child.stderr!.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(-2000);
  });
  const read = conversation(child, () => complaint.trim().split('\n').at(-1) ?? '');
  const hello = await read();
  const folder = mkdtempSync(path.join(tmpdir(), 'nerfseg-peer-'));
  const ask = async (request: object): Promise<Answer> => {
    if (canPause) child.kill('SIGCONT');
    child.stdin!.write(`${JSON.stringify(request)}\n`);
    const answer = await read();
    if (typeof answer.error === 'string') throw new Error(`PyTorch: ${answer.error}`);
    return answer;
  };
  let files = 0;
  return {
    pause: () => {
      if (canPause) child.kill('SIGSTOP');
    },
    version: String(hello.torch),
    device: String(hello.device),
    libraries: hello.libraries as string[],
    array: async (name, values, shape) => {
      const file = path.join(folder, String(files++));
      writeFileSync(file, values);
      await ask({ do: 'array', name, file, dtype: dtypeOf(values), shape });
      rmSync(file);
    },
    prepare: async (id, build, args) => {
      await ask({ do: 'prepare', id, case: build, arguments: args });
    },
    time: async (id) => Number((await ask({ do: 'time', id })).ms),
    bench: async (id, batch) => Number((await ask({ do: 'bench', id, batch })).ms),
    allowTf32: async (on) => {
      await ask({ do: 'tf32', on });
    },
    result: async (id) => {
      const { values, sum, size } = await ask({ do: 'result', id });
      return { values: values as number[], sum: Number(sum), size: Number(size) };
    },
    forget: async (...names) => {
      await ask({ do: 'forget', names });
    },
    another: () => startTorch(python, threads, environment, device),
    peakMemory: async () => Number((await ask({ do: 'memory' })).peak),
    stop: () => {
      rmSync(folder, { recursive: true, force: true });
      child.stdin!.end();
      child.kill('SIGKILL');
    },
  };
};

/** PyTorch at its best here: OpenBLAS as the environment configures it, or as it chooses by itself. */
export const bestTorch = async (threads: number): Promise<TorchPeer | string> => {
  const plain = { ...process.env };
  for (const name of Object.keys(plain)) if (name.startsWith('OPENBLAS')) delete plain[name];
  const candidates = [process.env.NERFSEG_PYTHON, 'python3', '/usr/bin/python3'].filter(
    (p) => p !== undefined,
  );
  let best: { peer: TorchPeer; ms: number } | undefined;
  for (const python of candidates) {
    for (const environment of [process.env, plain]) {
      let peer: TorchPeer;
      try {
        peer = await startTorch(python, threads, environment);
      } catch {
        break;
      }
      await peer.prepare('sgemm', 'products.sgemm', { size: 2048 });
      const times: number[] = [];
      for (let i = 0; i < 5; i++) times.push(await peer.time('sgemm'));
      const ms = Math.min(...times);
      if (best && best.ms <= ms) peer.stop();
      else {
        best?.peer.stop();
        best = { peer, ms };
      }
    }
    if (best) return best.peer;
  }
  return 'PyTorch is not installed (Debian: python3-torch, libopenblas0-pthread): our side alone';
};
