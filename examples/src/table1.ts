import { studyScript } from './runner/study.js';
import { table1 } from './studies/table1.js';

await studyScript(table1);
