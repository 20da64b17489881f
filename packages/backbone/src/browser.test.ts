import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { softmaxCrossEntropy } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { isLeft } from 'fp-ts/lib/Either.js';
import { onBackend } from './backend.test.helper.js';
import { encodeScans } from './encode-scans.js';
import { namedGradients } from './named-gradients.js';
import { planScans } from './plan-scans.js';
import { saveNetwork } from './save-network.js';
import { tinyConfig, tinyNetwork, tinyScan } from './scene.test.helper.js';
import { segmentScan } from './segment-scan.js';

const chromium = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((file) => file && existsSync(file));
const built = existsSync(path.join(__dirname, '../dist/index.js'));
const why = chromium
  ? built
    ? ''
    : ': the packages are not built'
  : ': no chromium was found (CHROME_PATH)';

/** The page: what a user's program would be, from the built packages. */
const page = `
import { encodeScans, namedGradients, openNetwork, planScans, segmentScan } from '@nerfseg/backbone';
import { selectEngine, softmaxCrossEntropy } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
const learn = async (network, scan, labels, steps) => {
  const plan = planScans([scan], network.config);
  const losses = [];
  for (let step = 0; step <= steps; step++) {
    const { value, gradients } = namedGradients(network.trainable, () =>
      softmaxCrossEntropy(encodeScans(network, plan, { training: true }).logits, labels),
    );
    losses.push((await value.data())[0]);
    tf.tidy(() => {
      for (const [name, gradient] of Object.entries(gradients)) {
        const variable = network.trainable[name];
        variable.assign(tf.sub(variable, tf.mul(gradient, 0.05)));
      }
    });
    tf.dispose([value, ...Object.values(gradients)]);
  }
  return losses;
};
const run = async () => {
  const engine = await selectEngine('webgpu');
  if (engine._tag === 'Left') return { problem: engine.left.found };
  const opened = await openNetwork('/network.safetensors')();
  if (opened._tag === 'Left') return { problem: opened.left.found };
  const { grid, coords, voxelOfPoint, pointFeatures, labels } = await (await fetch('/scan.json')).json();
  const scan = {
    grid,
    coords: Int32Array.from(coords),
    voxelOfPoint: Int32Array.from(voxelOfPoint),
    pointFeatures: Float32Array.from(pointFeatures),
  };
  const classes = [...(await segmentScan(opened.right.network, scan))];
  const start = await openNetwork('/start.safetensors')();
  if (start._tag === 'Left') return { problem: start.left.found };
  const losses = await learn(start.right.network, scan, Uint8Array.from(labels), 2);
  const missing = await openNetwork('/nothing.safetensors')();
  return { engine: engine.right.name, classes, losses, missing: missing._tag === 'Left' ? missing.left.code : '' };
};
run().catch((error) => ({ problem: String(error) })).then((result) => { globalThis.result = result; });
`;

(why ? describe.skip : describe)(`in headless Chromium${why}`, () => {
  onBackend('cpu');
  const folder = mkdtempSync(path.join(tmpdir(), 'nerfseg-browser-'));
  let server: Server | undefined;

  beforeAll(async () => {
    const esbuild = [
      require.resolve('esbuild/bin/esbuild'),
      '--bundle',
      '--format=esm',
      '--log-level=warning',
    ];
    const { status, stderr } = spawnSync(
      process.execPath,
      [...esbuild, `--outfile=${path.join(folder, 'page.js')}`],
      { encoding: 'utf8', input: page, cwd: path.join(__dirname, '..') },
    );
    // Neither errors nor warnings: nothing of Node is in the bundle.
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    writeFileSync(path.join(folder, 'index.html'), '<script type="module" src="page.js"></script>');
    server = createServer((request, response) => {
      const file = path.join(folder, path.basename(request.url === '/' ? 'index.html' : request.url!));
      if (!existsSync(file)) return response.writeHead(404).end();
      const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };
      const type = types[path.extname(file)] ?? 'application/octet-stream';
      return response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
    });
    await new Promise<void>((listening) => server!.listen(0, '127.0.0.1', () => listening()));
  });

  afterAll(async () => {
    await new Promise((closed) => (server ? server.close(closed) : closed(undefined)));
    rmSync(folder, { recursive: true, force: true });
  });

  it('a network trained here segments a scan on WebGPU there as it does here, and learns there as here', async () => {
    const random = createRandom('browser');
    const config = tinyConfig();
    const scan = tinyScan(random.fork('scan'), 20);
    const network = tinyNetwork(config, random.fork('network'));
    const plan = planScans([scan], config);
    // The class is the height: something to learn.
    const labels = Uint8Array.from(
      { length: scan.coords.length / 3 },
      (_, v) => 1 + (scan.coords[v * 3 + 2]! >> 1),
    );
    const started = await saveNetwork(path.join(folder, 'start.safetensors'), network)();
    if (isLeft(started)) throw new Error(started.left.found);
    const losses: number[] = [];
    for (let step = 0; step < 6; step++) {
      const { value, gradients } = namedGradients(network.trainable, () =>
        softmaxCrossEntropy(encodeScans(network, plan, { training: true }).logits, labels),
      );
      losses.push(value.dataSync()[0]!);
      tf.tidy(() => {
        for (const [name, gradient] of Object.entries(gradients)) {
          const variable = network.trainable[name]!;
          variable.assign(tf.sub(variable, tf.mul(gradient, 0.05)));
        }
      });
      tf.dispose([value, ...Object.values(gradients)]);
    }
    expect(losses[5]).toBeLessThan(losses[0]!);
    const expected = [...(await segmentScan(network, scan))];
    expect(new Set(expected).size).toBeGreaterThan(1);
    const saved = await saveNetwork(path.join(folder, 'network.safetensors'), network)();
    if (isLeft(saved)) throw new Error(saved.left.found);
    const { coords, voxelOfPoint, pointFeatures } = scan;
    const arrays = {
      coords: [...coords],
      voxelOfPoint: [...voxelOfPoint],
      pointFeatures: [...pointFeatures],
      labels: [...labels],
    };
    writeFileSync(path.join(folder, 'scan.json'), JSON.stringify({ grid: scan.grid, ...arrays }));

    const { launch } = await import('puppeteer-core');
    const browser = await launch({
      executablePath: chromium!,
      userDataDir: path.join(folder, 'profile'),
      protocolTimeout: 400_000,
      args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    });
    try {
      const tab = await browser.newPage();
      await tab.goto(`http://127.0.0.1:${(server!.address() as AddressInfo).port}/`);
      const handle = await tab.waitForFunction('globalThis.result', { timeout: 400_000 });
      expect(await handle.jsonValue()).toEqual({
        engine: 'webgpu',
        classes: expected,
        // Before the first step, and after one and two.
        losses: losses.slice(0, 3).map((loss) => expect.closeTo(loss, 4)),
        missing: 'missing-file',
      });
    } finally {
      await browser.close();
    }
  }, 500_000);
});
