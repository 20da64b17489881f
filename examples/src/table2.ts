import { studyScript } from './runner/study.js';
import { table2 } from './studies/table2.js';

await studyScript(table2);
