import { InvalidArgumentError } from 'commander';

/** Parser of an option that is a whole number of at least `lowest`. */
export const wholeNumber =
  (lowest = 0) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < lowest)
      throw new InvalidArgumentError(`Expected a whole number of at least ${lowest}.`);
    return value;
  };

/** Parser of an option that is a positive number. */
export const positiveNumber = (text: string): number => {
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
};

/** Parser of a share: `10%` or `0.1`. */
export const shareOf = (text: string): number => {
  const percent = text.endsWith('%');
  const value = Number(percent ? text.slice(0, -1) : text) / (percent ? 100 : 1);
  if (text.trim() === '' || !(value > 0 && value <= 1))
    throw new InvalidArgumentError('Expected a share above 0 and up to 1, such as 10% or 0.1.');
  return value;
};

/** Parser of a picture's size: `480x270`. */
export const sizeOf = (text: string): { width: number; height: number } => {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (!width || !height || Number(width) < 1 || Number(height) < 1)
    throw new InvalidArgumentError('Expected WIDTHxHEIGHT in pixels, such as 480x270.');
  return { width: Number(width), height: Number(height) };
};

/** Parser of a grid's cells along rho, phi, z: `240x180x24`. */
export const gridShapeOf = (text: string): readonly [number, number, number] => {
  const [, rho, phi, z] = (/^(\d+)x(\d+)x(\d+)$/.exec(text) ?? []).map(Number);
  if (!rho || !phi || !z)
    throw new InvalidArgumentError('Expected RHOxPHIxZ, numbers of cells, such as 240x180x24.');
  return [rho, phi, z];
};

/** Parser of a list: `a,b,c`. */
export const listOf = (text: string): string[] => {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new InvalidArgumentError('Expected names with commas in between.');
  return items;
};

/** Parser of a list of positive whole numbers: `32,64`. */
export const wholeNumbersOf = (text: string): number[] => listOf(text).map(wholeNumber(1));

/** Parser of distances in metres that ascend from 0: `0,10,20`. */
export const distancesOf = (text: string): number[] => {
  const edges = listOf(text).map(Number);
  if (edges[0] !== 0 || !edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1]!)))
    throw new InvalidArgumentError('Expected metres ascending from 0, such as 0,10,20.');
  return edges;
};
