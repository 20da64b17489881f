import { studyScript } from './runner/study.js';
import { cross } from './studies/cross.js';

await studyScript(cross);
