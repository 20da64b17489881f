import { expect, it, jest } from '@jest/globals';
import { left } from 'fp-ts/lib/Either.js';

const openDevice = jest.fn(async () => 'no device');
jest.mock('./open-device.js', () => ({ openDevice }));
const { registerWebGpuBackend } = require('./register.js') as typeof import('./register.js');

it('opens one device for all who ask at the same time', async () => {
  const both = await Promise.all([registerWebGpuBackend(), registerWebGpuBackend()]);
  expect(both).toEqual([left('no device'), left('no device')]);
  expect(openDevice).toHaveBeenCalledTimes(1);
  await registerWebGpuBackend();
  expect(openDevice).toHaveBeenCalledTimes(2);
});
