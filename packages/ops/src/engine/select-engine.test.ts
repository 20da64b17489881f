import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { getBackend } from '@tensorflow/tfjs-core';
import { type Either, isRight } from 'fp-ts/lib/Either.js';
import { type EngineChoice, type EngineError, engineNames } from './engine-types.js';
import { selectEngine } from './select-engine.js';

const chosen = (result: Either<EngineError, EngineChoice>): EngineChoice => {
  if (isRight(result)) return result.right;
  throw new Error(`no engine: ${result.left.found}`);
};

const refused = (result: Either<EngineError, EngineChoice>): EngineError => {
  if (isRight(result)) throw new Error(`unexpectedly chose ${result.right.name}`);
  return result.left;
};

describe('selectEngine', () => {
  const before = process.env.NERFSEG_ENGINE;
  delete process.env.NERFSEG_ENGINE;
  afterEach(() => {
    if (before === undefined) delete process.env.NERFSEG_ENGINE;
    else process.env.NERFSEG_ENGINE = before;
  });

  it('takes the plain engine when asked, without a word on the console', async () => {
    delete process.env.NERFSEG_ENGINE;
    const warn = jest.spyOn(console, 'warn');
    const choice = chosen(await selectEngine('tfjs-cpu'));
    expect(choice).toMatchObject({ name: 'tfjs-cpu', backend: 'cpu', threads: 1 });
    expect(getBackend()).toBe('cpu');
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('takes WebAssembly with SIMD when asked', async () => {
    delete process.env.NERFSEG_ENGINE;
    const choice = chosen(await selectEngine('tfjs-wasm'));
    expect(choice.considered).toEqual([
      { name: 'tfjs-wasm', usable: true, why: 'WebAssembly with SIMD on 1 thread' },
    ]);
    expect(getBackend()).toBe('wasm');
  });

  it('lets the environment win', async () => {
    process.env.NERFSEG_ENGINE = 'tfjs-cpu';
    expect(chosen(await selectEngine('tfjs-wasm')).name).toBe('tfjs-cpu');
  });

  it('says why an engine cannot be used, and leaves the backend alone', async () => {
    delete process.env.NERFSEG_ENGINE;
    await selectEngine('tfjs-cpu');
    expect(refused(await selectEngine('tfjs-node-gpu'))).toMatchObject({
      code: 'unavailable',
      source: 'engine preference',
      found: expect.stringContaining('tfjs-node-gpu: @tensorflow/tfjs-node-gpu '),
    });
    expect(getBackend()).toBe('cpu');
  });

  it.each(['four', '0', '1.5'])(
    'refuses %p as a number of threads, whichever the engine',
    async (threads) => {
      const usual = process.env.NERFSEG_THREADS;
      process.env.NERFSEG_THREADS = threads;
      const found = await selectEngine();
      if (usual === undefined) delete process.env.NERFSEG_THREADS;
      else process.env.NERFSEG_THREADS = usual;
      expect(refused(found)).toMatchObject({ source: 'NERFSEG_THREADS', found: `'${threads}'` });
    },
  );

  it('names the engines where the name is unknown', async () => {
    process.env.NERFSEG_ENGINE = 'abacus';
    expect(refused(await selectEngine())).toMatchObject({
      code: 'not-found',
      source: 'NERFSEG_ENGINE',
      found: "'abacus'",
      expected: `one of auto, ${engineNames.join(', ')}`,
    });
  });

  it('finds an engine by itself and tells what it looked at', async () => {
    delete process.env.NERFSEG_ENGINE;
    const { name, considered } = chosen(await selectEngine());
    expect(considered.map((engine) => engine.name)).toEqual(engineNames.slice(0, considered.length));
    expect(considered[considered.length - 1]).toMatchObject({ name, usable: true });
    for (const { usable, why } of considered.slice(0, -1)) {
      expect(usable).toBe(false);
      expect(why.length).toBeGreaterThan(10);
    }
  });
});
