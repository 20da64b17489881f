import { parentPort, workerData } from 'node:worker_threads';
import { serveJobs } from './serve-jobs.js';

// The thread that `feed` starts. It ends when the feed does.
if (!parentPort) throw new Error('feed/worker is run by feed() in a thread of its own');
serveJobs(parentPort, workerData);
