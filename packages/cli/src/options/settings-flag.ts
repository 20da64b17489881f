import { InvalidArgumentError } from 'commander';
import { parse } from 'yaml';

/** Parser of a repeatable `--set name=value`; values are YAML, so `0.3`, `true`, `[1, 2]` and plain text are what they look like. */
export const settingFlag = (
  text: string,
  previous: readonly (readonly [string, unknown])[] = [],
): (readonly [string, unknown])[] => {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected name=value, such as training.confidentEntropy=0.3.');
  return [...previous, [text.slice(0, at).trim(), readValue(text.slice(at + 1))]];
};

const readValue = (text: string): unknown => {
  try {
    return parse(text);
  } catch {
    return text;
  }
};
