import { afterEach, expect, it } from '@jest/globals';
import { isOn, setting } from './setting.js';

const name = 'NERFSEG_TESTED_SETTING';
afterEach(() => {
  delete process.env[name];
});

it('has no value where a variable is unset or empty', () => {
  expect(setting(name)).toBeUndefined();
  process.env[name] = '';
  expect(setting(name)).toBeUndefined();
  process.env[name] = 'words';
  expect(setting(name)).toBe('words');
});

it('is on where a variable is set, and not to 0', () => {
  expect(isOn(name)).toBe(false);
  for (const [text, on] of [
    ['', false],
    ['0', false],
    ['1', true],
    ['yes', true],
  ] as const) {
    process.env[name] = text;
    expect(isOn(name)).toBe(on);
  }
});
