import { accumulate } from '../optim/accumulate.js';
import { adamW } from '../optim/adam-w.js';
import { chain } from '../optim/chain.js';
import { clipByGlobalNorm } from '../optim/clip-by-global-norm.js';
import { scaleBySchedule } from '../optim/scale.js';
import { scheduleOf } from '../optim/schedules.js';
import { sgd } from '../optim/sgd.js';
import type { Transformation } from '../optim/transformation.js';
import type { TrainSettings } from './settings.js';

/** The learning rate at a step, 0-based. */
export const learningRateOf = (settings: TrainSettings): ((step: number) => number) =>
  scheduleOf({ ...settings, warmup: settings.warmup ?? (settings.schedule === 'one-cycle' ? 0.3 : 0) });

/**
 * The optimizer that the settings ask for: batches gathered, clipped, stepped, at the schedule's rate.
 *
 * @param told gets each joint norm of the gradients before clipping.
 */
export const optimizerOf = (settings: TrainSettings, told: (norm: number) => void): Transformation => {
  const { optimizer, momentum, nesterov, weightDecay, gradientClip } = settings;
  return chain(
    accumulate(settings.accumulate),
    clipByGlobalNorm(gradientClip === 0 ? Number.POSITIVE_INFINITY : gradientClip, told),
    optimizer === 'adamw' ? adamW({ weightDecay }) : sgd({ momentum, nesterov, weightDecay }),
    scaleBySchedule(learningRateOf(settings)),
  );
};
