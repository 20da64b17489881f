import { studyScript } from './runner/study.js';
import { kitti } from './studies/kitti.js';

await studyScript(kitti);
