import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { type Either, isRight, left, right } from 'fp-ts/lib/Either.js';
import { registerStandardGradients } from '../gradients/register-standard-gradients.js';
import { startCpu } from './cpu.js';
import {
  type ConsideredEngine,
  type EngineChoice,
  type EngineError,
  type EngineName,
  engineNames,
  type StartedEngine,
} from './engine-types.js';
import { startNative } from './native.js';
import { startNodeGpu } from './node-gpu.js';
import { setting } from './setting.js';
import { startWasm } from './wasm.js';
import { startWebGpu } from './webgpu.js';

const start: Record<EngineName, (named: boolean) => Promise<Either<string, StartedEngine>>> = {
  'tfjs-node-gpu': startNodeGpu,
  webgpu: startWebGpu,
  'nerfseg-cpu': startNative,
  'tfjs-wasm': startWasm,
  'tfjs-cpu': startCpu,
};

const isEngineName = (name: string): name is EngineName => engineNames.some((known) => known === name);

/**
 * Chooses what computes, and makes it tfjs's current backend: the first usable of tfjs-node-gpu (where that optional peer is
 * installed and sees a GPU), webgpu (on a GPU; on a software adapter only when asked for by name), nerfseg-cpu (the native kernels), tfjs-wasm and tfjs-cpu. Every engine has to multiply two
 * matrices before it is called usable. `considered` says what was found out about each.
 *
 * @param preference use this engine and no other. The environment variable NERFSEG_ENGINE wins over it; 'auto' means
 *   no preference.
 * @returns Left where the preferred engine is unknown or unusable here, or NERFSEG_THREADS is no number of threads; the backend then
 *   stays what it was.
 */
export const selectEngine = async (
  preference?: EngineName | (string & {}),
): Promise<Either<EngineError, EngineChoice>> => {
  registerStandardGradients();
  const forced = setting('NERFSEG_ENGINE');
  const source = forced ? 'NERFSEG_ENGINE' : 'engine preference';
  const wanted = forced || preference || 'auto';
  const candidates: readonly EngineName[] =
    wanted === 'auto' ? engineNames : engineNames.filter((name) => name === wanted);
  if (wanted !== 'auto' && !isEngineName(wanted)) {
    const expected = `one of auto, ${engineNames.join(', ')}`;
    return left({
      _tag: 'DataError',
      code: 'not-found',
      source,
      field: 'engine',
      found: `'${wanted}'`,
      expected,
    });
  }
  // Here, and not where it is used: an engine that did not start for it would let the next one stand in.
  const threads = setting('NERFSEG_THREADS');
  if (threads !== undefined && !(Number.isInteger(Number(threads)) && Number(threads) > 0))
    return left({
      _tag: 'DataError',
      code: 'out-of-range',
      source: 'NERFSEG_THREADS',
      field: 'threads',
      found: `'${threads}'`,
      expected: 'a whole number, 1 or more; unset: as many as the process may use',
    });
  const before = getBackend();
  const considered: ConsideredEngine[] = [];
  for (const name of candidates) {
    const started = await start[name](wanted !== 'auto');
    if (isRight(started)) {
      const { backend, threads, why } = started.right;
      considered.push({ name, usable: true, why });
      return right({ name, backend, threads, considered });
    }
    considered.push({ name, usable: false, why: started.left });
  }
  if (before) await setBackend(before);
  return left({
    _tag: 'DataError',
    code: 'unavailable',
    source,
    field: 'engine',
    found: considered.map(({ name, why }) => `${name}: ${why}`).join('; '),
    expected: wanted === 'auto' ? 'an engine that works here' : `an engine '${wanted}' that works here`,
    hint: "'auto' takes the first of them that works.",
  });
};
