import { percent } from './numbers.js';

/** Says which of two runs was better, by how much, and how little that means. */
export function verdict(
  supervised: number,
  nerf: number,
  seed: number,
  labelled: number,
  unlabelled: number,
): string {
  const difference = nerf - supervised;
  const size = percent(Math.abs(difference));
  const outcome =
    size === '0.0'
      ? 'Self-supervision made no difference here'
      : `Self-supervision was ${difference > 0 ? 'better' : 'WORSE'} than supervised training alone here, by ${size} points of mIoU`;
  return (
    `${outcome} (points: ${percent(nerf)} against ${percent(supervised)} %), from ${labelled} labelled and ` +
    `${unlabelled} unlabelled frames. One small run on a simulated world with one seed (${seed}) is no verdict on the method.`
  );
}
