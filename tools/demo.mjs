// `npm run demo [-- OPTIONS]`: the main job from a fresh clone. Options go to `nerfseg demo`.
import { runNerfseg } from './cli.mjs';

runNerfseg(['demo', ...process.argv.slice(2)]);
