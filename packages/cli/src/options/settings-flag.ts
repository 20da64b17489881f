import { InvalidArgumentError } from 'commander';

/** Parser of a repeatable `--set name=value`; values are JSON where they read as such, else text. */
export const settingFlag = (
  text: string,
  previous: Record<string, unknown> = {},
): Record<string, unknown> => {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected name=value, such as confidentEntropy=0.3.');
  const value = text.slice(at + 1);
  return { ...previous, [text.slice(0, at)]: readValue(value) };
};

const readValue = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
