import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { defaultMaskFolder } from './mask-cache.js';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

it('masks are kept in the cache folder that the environment names; what is empty names none', () => {
  process.env.XDG_CACHE_HOME = '/caches';
  process.env.NERFSEG_CACHE = '/own';
  expect(defaultMaskFolder()).toBe(join('/own', 'masks'));
  process.env.NERFSEG_CACHE = '';
  expect(defaultMaskFolder()).toBe(join('/caches', 'nerfseg', 'masks'));
  process.env.XDG_CACHE_HOME = '';
  expect(defaultMaskFolder()).toBe(join(homedir(), '.cache', 'nerfseg', 'masks'));
});
