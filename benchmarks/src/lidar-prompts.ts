// `node benchmarks/dist/lidar-prompts.js FOLDER`: masks prompted by LiDAR points against masks prompted by a grid, at equal numbers of
// prompts, on labelled frames of SemanticKITTI; writes lidar-prompts.json and lidar-prompts.md into the folder.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskPurity, type SamOptions, samMasks, segmentsAtPixels } from '@nerfseg/pseudolabel';
import { benchContext } from './harness.js';
import { labelledViews } from './kitti-views.js';

const { realData } = benchContext(false);
if (realData === undefined) throw new Error('the sample data is not here (NERFSEG_REAL_DATA)');
const frames = [0, 1, 2];
const views = await labelledViews(realData, frames);
const folder = process.argv[2] ?? '.';

/** Settings for about so many prompts. A grid has one spacing, so it has only about as many, never fewer than asked for. */
const plainGrid = (prompts: number): SamOptions => {
  const [height = 0, width = 0] = views[0]!.picture.shape;
  for (let side = 1; ; side++)
    if (side * Math.max(1, Math.round((side * height) / width)) >= prompts)
      return { pointsPerSide: side, squareGrid: false };
};
const ways: Readonly<Record<string, (prompts: number) => SamOptions>> = {
  'plain grid': plainGrid,
  'grid that skips what is covered': (maxPrompts) => ({ preset: 'fast', maxPrompts }),
  'LiDAR points': (maxPrompts) => ({ prompts: 'lidar', maxPrompts }),
};

const rows: {
  way: string;
  asked: number;
  frame: number;
  prompts: number;
  masks: number;
  coverage: number;
  purity: number;
}[] = [];
for (const asked of [8, 16, 32, 64, 128])
  for (const [way, options] of Object.entries(ways)) {
    let prompts = 0;
    const report = (told: { readonly prompts: number }): void => {
      prompts = told.prompts;
    };
    const source = await samMasks({ ...options(asked), report })();
    if (source._tag === 'Left') throw new Error(source.left.found);
    for (const [i, view] of views.entries()) {
      const masks = await source.right.segment(view.picture, String(i), { lidar: view.lidar })();
      if (masks._tag === 'Left') throw new Error(masks.left.found);
      const { coverage, purity } = maskPurity(segmentsAtPixels(masks.right, view.pixels), view.labels);
      rows.push({
        way,
        asked,
        frame: frames[i]!,
        prompts,
        masks: masks.right.masks.length,
        coverage,
        purity,
      });
    }
    await source.right.close?.();
  }

writeFileSync(join(folder, 'lidar-prompts.json'), `${JSON.stringify(rows, undefined, 1)}\n`);
const cell = (of: (row: (typeof rows)[number]) => string, way: string, asked: number): string =>
  rows
    .filter((row) => row.way === way && row.asked === asked)
    .map(of)
    .join(', ');
const lines = [...new Set(rows.map((row) => row.asked))].flatMap((asked) =>
  Object.keys(ways).map((way) => {
    const of = (what: (row: (typeof rows)[number]) => string): string => cell(what, way, asked);
    return `| ${way} | ${of((r) => String(r.prompts))} | ${of((r) => String(r.masks))} | ${of((r) => (100 * r.coverage).toFixed(1))} | ${of((r) => (100 * r.purity).toFixed(1))} |`;
  }),
);
writeFileSync(
  join(folder, 'lidar-prompts.md'),
  `# Prompts from LiDAR points against prompts from a grid

SemanticKITTI sequence 00, frames ${frames.join(', ')}; MobileSAM; written by \`node benchmarks/dist/lidar-prompts.js\`. Coverage: share of the labelled points in view that lie
in a mask; purity: share of those that carry their mask's majority label. Points are both the prompts and the measure, so coverage favours
LiDAR prompts; it is also what pseudo-labels need. A plain grid cannot have any number of prompts: it has the next above.

| prompts from | prompts | masks | covered, % | pure, % |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`,
);
console.log(lines.join('\n'));
