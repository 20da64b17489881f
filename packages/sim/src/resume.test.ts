import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimRoot } from './claim-root.js';
import type { SimulationFormat } from './config.js';
import { simulateDataset } from './simulate-dataset.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nerfseg-resume-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = async (
  root: string,
  format: SimulationFormat,
  stopAfter = Number.POSITIVE_INFINITY,
  seed = 3,
  onNote?: (line: string) => void,
  abort = new AbortController(),
) => {
  const seen: number[] = [];
  const result = await simulateDataset({
    root: join(folder, root),
    format,
    seed,
    // Two drives of one KITTI sequence, and one of another.
    scenes: { train: 1, val: 2 },
    framesPerScene: 2,
    // The fastest to build.
    kinds: ['country'],
    lidar: { azimuthSteps: 60 },
    cameras: [format === 'nuscenes' ? 'CAM_FRONT' : 'image_2'],
    imageSize: { width: 48, height: 24 },
    supersampling: 0,
    signal: abort.signal,
    ...(onNote ? { onNote } : {}),
    onProgress: ({ done }) => {
      seen.push(done);
      if (done >= stopAfter) abort.abort();
    },
  })();
  return { result, seen };
};

const filesOf = async (root: string): Promise<Record<string, string>> => {
  const files: Record<string, string> = {};
  for (const entry of await readdir(join(folder, root), { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      files[path.slice(join(folder, root).length)] = await readFile(path, 'base64');
    }
  return files;
};

describe('a simulation that was interrupted', () => {
  it.each(['nuscenes', 'scribblekitti'] as const)(
    'goes on where it was, and ends with the files of one in one piece: %s',
    async (format) => {
      const whole = await run(`${format}-whole`, format);
      expect(whole.result).toMatchObject({ _tag: 'Right', right: { frames: 6, reused: false } });
      // Aborting after every frame in turn passes through all moments between two frames.
      const root = `${format}-pieces`;
      for (let stop = 1; stop <= 5; stop++) {
        const piece = await run(root, format, stop);
        expect(piece.result).toMatchObject({ _tag: 'Left', left: { code: 'interrupted' } });
        expect(piece.seen).toEqual(Array.from({ length: stop }, (_, i) => i + 1));
        expect((await readdir(folder)).includes(root)).toBe(false);
      }
      const last = await run(root, format);
      expect({ ...last.result, right: { root: '' } }).toEqual({ ...whole.result, right: { root: '' } });
      expect(await filesOf(root)).toEqual(await filesOf(`${format}-whole`));
      expect((await readdir(folder)).includes(`${root}.partial`)).toBe(false);
    },
    60_000,
  );

  it('drops a line and files that were cut off, and traces that frame again', async () => {
    await run('torn', 'nuscenes', 3);
    const journal = join(folder, 'torn.partial', 'frames.jsonl');
    const text = await readFile(journal, 'utf8');
    expect(text.trimEnd().split('\n')).toHaveLength(4);
    await truncate(journal, text.length - 20);
    const pictures = join(folder, 'torn.partial', 'data', 'samples', 'CAM_FRONT');
    await writeFile(join(pictures, '.half.jpg.4711.3.part'), 'half a picture');
    await truncate(join(pictures, (await readdir(pictures)).filter((n) => n.endsWith('.jpg'))[2]), 30);
    expect((await run('torn', 'nuscenes')).result._tag).toBe('Right');
    expect(await filesOf('torn')).toEqual(await filesOf('nuscenes-whole'));

    // Killed between its last two steps: the journal is still there.
    await run('late', 'nuscenes', 1);
    const { result } = await run('torn', 'nuscenes');
    expect(result).toMatchObject({ _tag: 'Right', right: { reused: true } });
    await appendFile(join(folder, 'late.partial', 'frames.jsonl'), '{"sum":"0","line":"{}"}\nrubbish');
    expect((await run('late', 'nuscenes')).result._tag).toBe('Right');
    expect(await filesOf('late')).toEqual(await filesOf('nuscenes-whole'));
  });

  it('is not continued with other options, and what is not its own is not touched', async () => {
    await run('other', 'nuscenes', 1);
    const { result } = await run('other', 'nuscenes', 9, 4);
    expect(result).toMatchObject({
      _tag: 'Left',
      left: { code: 'mismatch', source: expect.stringContaining('other.partial') },
    });
    await rm(join(folder, 'other.partial', 'frames.jsonl'));
    await writeFile(join(folder, 'other.partial', 'thesis.txt'), 'do not lose');
    expect((await run('other', 'nuscenes')).result).toMatchObject({
      _tag: 'Left',
      left: { code: 'mismatch' },
    });
    expect(await readFile(join(folder, 'other.partial', 'thesis.txt'), 'utf8')).toBe('do not lose');
  });

  it('is waited for where another process is at it, and not made twice', async () => {
    const release = await claimRoot(join(folder, 'shared'), undefined, undefined);
    const notes: string[] = [];
    const second = run('shared', 'nuscenes', 99, 3, (line) => notes.push(line));
    while (notes.length === 0) await pause(5);
    expect(notes).toEqual([expect.stringContaining(`being simulated by process ${process.pid}`)]);
    expect(await readdir(folder)).not.toContain('shared.partial');
    await release();
    const both = await Promise.all([second, run('shared', 'nuscenes'), run('shared', 'nuscenes')]);
    expect(both.map(({ result }) => result)).toEqual(
      both.map(() => expect.objectContaining({ _tag: 'Right' })),
    );
    const made = both.filter(({ result }) => result._tag === 'Right' && !result.right.reused);
    expect(made).toHaveLength(1);
    expect(await filesOf('shared')).toEqual(await filesOf('nuscenes-whole'));
    expect((await readdir(folder)).filter((name) => name.startsWith('shared'))).toEqual(['shared']);
  });

  it('is not waited for after an interruption, nor where another simulation has the place', async () => {
    await run('busy', 'nuscenes', 1);
    const release = await claimRoot(join(folder, 'busy'), undefined, undefined);
    const abort = new AbortController();
    const waiting = run('busy', 'nuscenes', 99, 3, () => abort.abort(), abort);
    expect((await waiting).result).toMatchObject({ _tag: 'Left', left: { code: 'interrupted' } });
    expect((await run('busy', 'nuscenes', 9, 4)).result).toMatchObject({ left: { code: 'mismatch' } });
    await release();
    expect((await readdir(folder)).filter((name) => name.startsWith('busy'))).toEqual(['busy.partial']);
  });
});
