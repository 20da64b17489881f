// A thread that owns onnxruntime sessions; see model-threads.ts.
import { parentPort } from 'node:worker_threads';
import { createModelHost, type HostRequest, replyTo } from './model-host.js';

const host = createModelHost();
// In order of arrival, one at a time.
let turn: Promise<unknown> = Promise.resolve();

parentPort?.on('message', ({ id, request }: { id: number; request: HostRequest }) => {
  turn = turn.then(async () => {
    const reply = await replyTo(host, id, request);
    // onnxruntime's own memory cannot be handed over, and is copied.
    const transfer = 'answer' in reply && request.kind === 'decode' ? masksOf(reply.answer) : [];
    parentPort?.postMessage(reply, transfer);
    if (request.kind === 'release') parentPort?.close();
  });
});

/** Buffers of decoded masks, which this thread made itself. */
const masksOf = (answer: unknown): ArrayBuffer[] =>
  (answer as readonly { logits: Float32Array }[]).map(({ logits }) => logits.buffer as ArrayBuffer);
