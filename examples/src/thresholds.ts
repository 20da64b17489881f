import { studyScript } from './runner/study.js';
import { thresholds } from './studies/thresholds.js';

await studyScript(thresholds);
