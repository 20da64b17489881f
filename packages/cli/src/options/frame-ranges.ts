import { type DataError, dataError } from '@nerfseg/geometry';
import { InvalidArgumentError } from 'commander';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

/** More than any data set has. */
const mostFrames = 10_000_000;

/** Parser of frame numbers: `0`, `3-5`, `0,3-5`. Frames count from 0; ranges include both ends. */
export const frameRanges = (text: string): number[] => {
  const frames = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
    if (first === undefined || last === undefined || Number(last) < Number(first))
      throw new InvalidArgumentError('Expected frame numbers from 0, such as 0 or 3-5 or 0,3-5.');
    if (Number(last) >= mostFrames)
      throw new InvalidArgumentError(`Expected frame numbers below ${mostFrames}.`);
    for (let i = Number(first); i <= Number(last); i++) frames.add(i);
  }
  return [...frames].sort((a, b) => a - b);
};

/** Checks that a data set has these frames. */
export const checkFrames = (
  frames: readonly number[],
  { name, length }: { readonly name: string; readonly length: number },
  option: string,
): Either<DataError, readonly number[]> => {
  const beyond = frames.find((frame) => frame >= length);
  return beyond === undefined
    ? right(frames)
    : left(dataError('out-of-range', name, option, `frame ${beyond}`, `0 to ${length - 1}`));
};

/** The frames that `--frames` asks for, all where it is not given. */
export const chosenFrames = (
  frames: readonly number[] | undefined,
  dataset: { readonly name: string; readonly length: number },
): Either<DataError, readonly number[]> =>
  checkFrames(frames ?? Array.from({ length: dataset.length }, (_, i) => i), dataset, '--frames');

/** `count` frames (or all, where there are fewer), evenly spread over 0 .. length-1. */
export const spreadFrames = (length: number, count: number): number[] =>
  Array.from({ length: Math.min(length, count) }, (_, i) =>
    length <= count ? i : Math.floor((i * length) / count),
  );
