// npm `webgpu` for tests: its own entry is an ES module that declares `__dirname`, which jest's wrapper declares too.
const { dirname, join } = require('node:path');

const folder = dirname(
  require.resolve('webgpu/package.json', { paths: [join(__dirname, '../../packages/ops')] }),
);
const arch = process.platform === 'darwin' ? 'universal' : process.arch;
module.exports = require(join(folder, 'dist', `${process.platform}-${arch}`, 'dawn.node'));
