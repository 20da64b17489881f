import { studyScript } from './runner/study.js';
import { fraction } from './studies/fraction.js';

await studyScript(fraction);
