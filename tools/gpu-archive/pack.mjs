// `npm run bench:gpu-archive [-- --out FILE]`: everything that measuring on a bare machine with a GPU needs, in one archive: Node, Dawn, the built packages,
// scans, the Python peer, and the commands `run` (the GPU benchmark) and `sweep` (the experiments).
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { root, setup } from '../setup.mjs';
import { stageDependencies } from './stage-packages.mjs';

const most = 60 * 10 ** 6;
const files = fileURLToPath(new URL('./files/', import.meta.url));

const { values } = parseArgs({ options: { out: { type: 'string' }, 'skip-setup': { type: 'boolean' } } });
const out = path.resolve(process.env.INIT_CWD ?? process.cwd(), values.out ?? 'nerfseg-gpu.tar.gz');

const stop = (message) => {
  console.error(`bench:gpu-archive: ${message}`);
  process.exit(1);
};

if (process.platform !== 'linux' || process.arch !== 'x64')
  stop(`this is ${process.platform}-${process.arch}; the archive is for linux-x64 and takes Node from here`);
if (!values['skip-setup']) setup();

const folder = mkdtempSync(path.join(tmpdir(), 'nerfseg-gpu-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const stage = path.join(folder, 'nerfseg-gpu');
const app = path.join(stage, 'app');
const lib = path.join(stage, 'lib');
mkdirSync(lib, { recursive: true });

for (const name of ['run', 'sweep', 'README.txt'])
  copyFileSync(path.join(files, name), path.join(stage, name));
for (const name of ['run', 'sweep']) chmodSync(path.join(stage, name), 0o755);
copyFileSync(path.join(files, 'environment.sh'), path.join(lib, 'environment.sh'));

copyFileSync(process.execPath, path.join(lib, 'node'));
chmodSync(path.join(lib, 'node'), 0o755);
const stripped = spawnSync('strip', [path.join(lib, 'node')]);
if (stripped.status !== 0) console.log('node is not stripped: there is no strip (binutils)');

// A loader for machines that have a driver and none; theirs is taken where there is one.
const loader = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib']
  .map((place) => path.join(place, 'libvulkan.so.1'))
  .find((file) => existsSync(file));
if (loader) {
  mkdirSync(path.join(lib, 'vulkan'));
  copyFileSync(realpathSync(loader), path.join(lib, 'vulkan', 'libvulkan.so.1'));
  const copyright = '/usr/share/doc/libvulkan1/copyright';
  if (existsSync(copyright)) copyFileSync(copyright, path.join(lib, 'vulkan', 'copyright'));
} else console.log('no libvulkan.so.1 here (Debian: libvulkan1): the target machine has to have one');

for (const name of ['benchmarks', 'examples']) {
  mkdirSync(path.join(app, name), { recursive: true });
  copyFileSync(path.join(root, name, 'package.json'), path.join(app, name, 'package.json'));
  cpSync(path.join(root, name, 'dist'), path.join(app, name, 'dist'), {
    recursive: true,
    filter: (file) => !/\.(map|d\.ts|tsbuildinfo)$|\.test\./.test(file),
  });
}
cpSync(path.join(root, 'benchmarks', 'peers'), path.join(app, 'benchmarks', 'peers'), {
  recursive: true,
  filter: (file) => !file.includes('__pycache__'),
});
copyFileSync(path.join(root, 'LICENSE'), path.join(stage, 'LICENSE'));
const count = ['benchmarks', 'examples'].reduce(
  (sum, name) => sum + stageDependencies(path.join(root, name), app),
  0,
);

// The native engine, for `./sweep --engine nerfseg-cpu` on machines without a compiler.
const { nativeBinary } = await import(
  pathToFileURL(path.join(root, 'packages', 'ops', 'dist', 'native', 'build.js')).href
);
const native = await nativeBinary();
if (native._tag === 'Right') {
  const place = path.join(app, 'node_modules', '@nerfseg', 'ops', 'native', 'prebuilds', 'linux-x64');
  mkdirSync(place, { recursive: true });
  copyFileSync(native.right.file, path.join(place, 'nerfseg.node'));
} else console.log(`without the native CPU engine: ${native.left}`);

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
let commit = 'unknown';
try {
  commit = `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+'}`;
} catch {
  console.log('no git here: results will not say which commit they are of');
}
writeFileSync(path.join(lib, 'commit'), `${commit}\n`);

// Simulated scans, never real data.
const { encodeScan, simulatedScans } = await import(
  pathToFileURL(path.join(root, 'benchmarks', 'dist', 'gpu', 'scans.js')).href
);
mkdirSync(path.join(stage, 'scans'));
for (const [n, points] of (await simulatedScans()).points.entries())
  writeFileSync(path.join(stage, 'scans', `simulated-${n}.bin`), encodeScan(points));

const aside = `${out}.part`;
const packed = spawnSync(
  'tar',
  ['--owner=0', '--group=0', '--sort=name', '-C', folder, '-cf', '-', 'nerfseg-gpu'],
  {
    maxBuffer: 2 ** 30,
  },
);
if (packed.status !== 0) stop(`tar: ${packed.stderr}`);
const zipped = spawnSync('gzip', ['-9'], { input: packed.stdout, maxBuffer: 2 ** 30 });
if (zipped.status !== 0) stop(`gzip: ${zipped.stderr}`);
writeFileSync(aside, zipped.stdout);
renameSync(aside, out);
const { size } = statSync(out);
console.log(`${out}: ${(size / 1e6).toFixed(1)} MB, ${count} packages, commit ${commit}`);
if (size > most) stop(`larger than ${most / 1e6} MB`);
