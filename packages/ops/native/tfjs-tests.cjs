// Runs tfjs-core's own kernel tests (in its npm package, jasmine) on the native backend: `npm run test:tfjs`, or with
// another backend's name as argument (`cpu`) to compare. Their files are ES modules that Node takes for CommonJS, and
// they must share one tfjs-core with the backend under test: both are compiled while they load.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { transformSync } = require('@swc/core');

const backendName = process.argv[2] ?? 'nerfseg-cpu';
const core = join(dirname(require.resolve('@tensorflow/tfjs-core/package.json')), 'dist');
const jasmineFolder = dirname(require.resolve('jasmine'));

// ES5 for tfjs-core, as tfjs-backend-cpu is: its classes extend tfjs-core's.
const options = (syntax, target) => ({
  swcrc: false,
  jsc: { target, parser: { syntax } },
  module: { type: 'commonjs' },
});

const compileJs = Module._extensions['.js'];
Module._extensions['.js'] = (module, filename) => {
  if (!filename.startsWith(core) || filename.endsWith('.node.js')) return compileJs(module, filename);
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    ...options('ecmascript', 'es5'),
    filename,
  });
  module._compile(code, filename);
};
Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    ...options('typescript', 'es2022'),
    filename,
  });
  module._compile(code, filename);
};
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  if (request === '@tensorflow/tfjs-core') return join(core, 'index.js');
  if (request.startsWith('jasmine-core'))
    return resolve.call(this, request, null, false, { paths: [jasmineFolder] });
  const typescript = parent?.filename?.endsWith('.ts') && request.startsWith('.') && request.endsWith('.js');
  return resolve.call(this, typescript ? request.replace(/\.js$/, '.ts') : request, parent, ...rest);
};

const main = async () => {
  const Jasmine = require('jasmine');
  const runner = new Jasmine();
  const tf = require('@tensorflow/tfjs-core');
  require('@tensorflow/tfjs-backend-cpu');
  if (backendName === 'nerfseg-cpu') {
    const engine = await require('../src/native/register.ts').registerNativeBackend();
    if (engine._tag === 'Left') throw new Error(engine.left);
    console.log('native engine:', engine.right);
  }
  const { setTestEnvs } = require(join(core, 'jasmine_util.js'));
  setTestEnvs([{ name: 'test', backendName, isDataSync: true }]);
  // What the tests call through the tensors.
  require(join(core, 'public/chained_ops/register_all_chained_ops.js'));
  require(join(core, 'register_all_gradients.js'));
  await tf.setBackend(backendName);
  runner.env.configure({ random: false });
  require(join(core, 'tests.js'));
  runner.clearReporters();
  const counts = { passed: 0, failed: 0, pending: 0, excluded: 0 };
  runner.addReporter({
    specDone({ status, fullName, failedExpectations }) {
      counts[status] = (counts[status] ?? 0) + 1;
      // Nothing is left out but what tfjs-core itself has switched off.
      if (status === 'pending') console.log(`switched off by tfjs-core: ${fullName}`);
      if (status === 'failed')
        console.log(`FAILED ${fullName}\n    ${failedExpectations[0]?.message?.split('\n')[0]}`);
    },
  });
  runner.exitOnCompletion = false;
  await runner.execute();
  console.log(`tfjs-core's tests on ${backendName}:`, counts);
  process.exit(counts.failed > 0 ? 1 : 0);
};

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
