import { studyScript } from './runner/study.js';
import { labelQualityTable } from './studies/label-quality-table.js';
import { runLabelQuality } from './studies/run-label-quality.js';
import { thresholds } from './studies/thresholds.js';

await studyScript(thresholds, { run: runLabelQuality, table: labelQualityTable });
