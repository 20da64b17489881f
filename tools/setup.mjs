// Brings a fresh clone to a built state with nothing but Node and npm: installs the pinned pnpm's lockfile when it
// changed since the last time, then builds what is out of date. Used by every other tool here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What the tools run with. turbo looks for pnpm on the PATH, where a machine with only npm has none: ours comes first. */
export const environment = {
  ...process.env,
  PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

/** Runs a command in the repository's root with inherited output; ends this process when it fails. Returns the output where `options` say to keep it. */
export function mustRun(command, args, options = {}) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: environment,
    shell: process.platform === 'win32',
    ...options,
  });
  if (error) throw error;
  const output = `${stdout ?? ''}${stderr ?? ''}`;
  if (status !== 0) {
    if (output) console.error(output);
    console.error(`nerfseg: '${command} ${args.join(' ')}' ended with ${signal ?? `exit status ${status}`}`);
    process.exit(status ?? 1);
  }
  return output;
}

/** The folders of every workspace package, relative to the root. */
export const workspaceFolders = () => [
  ...readdirSync(path.join(root, 'packages'), { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && existsSync(path.join(root, 'packages', entry.name, 'package.json')),
    )
    .map((entry) => `packages/${entry.name}`),
  'benchmarks',
  'examples',
  'fuzz',
];

function installIfNeeded() {
  const manifests = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].concat(
    workspaceFolders().map((folder) => `${folder}/package.json`),
  );
  const hash = createHash('sha256');
  for (const file of manifests) hash.update(readFileSync(path.join(root, file)));
  const digest = hash.digest('hex');
  const stamp = path.join(root, 'node_modules', '.nerfseg-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  console.log(`nerfseg: installing dependencies with ${packageManager}`);
  mustRun('npx', [
    '--yes',
    packageManager,
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
    '--loglevel=warn',
  ]);
  writeFileSync(stamp, digest);
}

/** Installs and builds. */
export function setup() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    console.error(`nerfseg: Node ${process.versions.node} found, 20 or newer expected`);
    process.exit(1);
  }
  installIfNeeded();
  build();
}

/** Builds what is out of date: one line where something was, the whole log where it fails. */
function build() {
  const began = performance.now();
  if (!existsSync(path.join(root, 'packages/cli/dist/bin.js'))) console.log('nerfseg: building');
  const log = mustRun(binary('turbo'), ['run', 'build', '--output-logs=errors-only', '--log-order=grouped'], {
    stdio: 'pipe',
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const [, cached, total] = log.match(/(\d+) cached, (\d+) total/) ?? [];
  if (cached !== total)
    console.log(
      `nerfseg: built ${total - cached} of ${total} packages in ${((performance.now() - began) / 1000).toFixed(0)} s`,
    );
}

/** Path of a tool that the root package declares. */
export const binary = (name) =>
  path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
