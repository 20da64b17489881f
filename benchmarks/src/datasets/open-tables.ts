// A process of its own, so that its peak memory is that of opening: `node open-tables.js ROOT OPTIONS`.
import { openNuScenes } from '@nerfseg/datasets';
import { formatError } from '@nerfseg/geometry';

const start = performance.now();
const opened = await openNuScenes({ root: process.argv[2]!, ...JSON.parse(process.argv[3] ?? '{}') })();
const ms = performance.now() - start;
if (opened._tag === 'Left') throw new Error(formatError(opened.left));
console.log(JSON.stringify({ ms, kib: process.resourceUsage().maxRSS, frames: opened.right.length }));
