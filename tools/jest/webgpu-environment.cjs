// For test files that need a WebGPU adapter (`@jest-environment`): tells them in `whyNoAdapter` why there is none. Where there
// is no GPU, SwiftShader will do, which comes with Debian's chromium (and needs libvulkan1). It is added to the Vulkan drivers
// here, because the environment that tests see is a copy that no driver reads.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const SharedTypedArrayEnvironment = require('./environment.cjs');

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(swiftShader)) process.env.VK_ADD_DRIVER_FILES ??= swiftShader;
process.env.XDG_RUNTIME_DIR ??= tmpdir();

// In a process of its own: a driver that crashes must not take the tests with it.
const probe = `require(${JSON.stringify(join(__dirname, 'webgpu.cjs'))}).create([]).requestAdapter().then((adapter) => {
  console.log(adapter ? 'adapter: ' + adapter.info.description : 'no adapter was found');
  process.exit();
});`;

const whyNoAdapter = () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', probe], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  return stdout.includes('adapter: ')
    ? undefined
    : (stdout || stderr || 'the probe crashed').trim().split('\n')[0];
};

module.exports = class WebGpuEnvironment extends SharedTypedArrayEnvironment {
  async setup() {
    await super.setup();
    // From Node 21 on all realms share the process's, and one test file's GPU would be the next one's, without Dawn's globals.
    Object.defineProperty(this.global, 'navigator', { value: {}, configurable: true, writable: true });
    this.global.whyNoAdapter = whyNoAdapter();
  }
};
