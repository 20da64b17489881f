export { run } from './run.js';
export { exitCodes } from './terminal/exit-codes.js';
export type { Streams } from './terminal/terminal.js';
