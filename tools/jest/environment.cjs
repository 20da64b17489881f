// jest runs every test file in a realm of its own. Typed arrays made by native add-ons and Node's core come
// from the outer realm and would fail `instanceof Float32Array` inside; sharing the constructors mends that.
const { existsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { TestEnvironment } = require('jest-environment-node');

// WebGPU is tested in software where there is no GPU: SwiftShader comes with Debian's chromium, and is added to the Vulkan
// drivers here, because the environment that tests see is a copy that the driver does not read.
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(swiftShader)) process.env.VK_ADD_DRIVER_FILES ??= swiftShader;
process.env.XDG_RUNTIME_DIR ??= tmpdir();

const shared = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

module.exports = class SharedTypedArrayEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of shared) this.global[name] = globalThis[name];
  }
};
