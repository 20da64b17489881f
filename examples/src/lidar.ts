import { studyScript } from './runner/study.js';
import { lidar } from './studies/lidar.js';

await studyScript(lidar);
