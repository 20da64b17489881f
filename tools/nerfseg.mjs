// `npm run nerfseg -- ARGUMENTS`: the command line from a clone, set up first.
import { runNerfseg } from './cli.mjs';

runNerfseg(process.argv.slice(2));
