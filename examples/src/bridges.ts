import { studyScript } from './runner/study.js';
import { bridges } from './studies/bridges.js';

await studyScript(bridges);
