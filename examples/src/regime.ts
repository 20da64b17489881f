import { studyScript } from './runner/study.js';
import { regime } from './studies/regime.js';

await studyScript(regime);
