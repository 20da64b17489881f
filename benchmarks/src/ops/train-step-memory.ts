// Prints the highest resident size, bytes, of a process that runs a few training steps.
import { selectEngine } from '@nerfseg/ops';
import { createTrainStep, usualStep } from './train-step.js';
import { stepScans } from './training.js';

await selectEngine('nerfseg-cpu');
const step = createTrainStep(stepScans(process.argv[2] || undefined), usualStep);
for (let i = 0; i < 3; i++) await step.run();
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
