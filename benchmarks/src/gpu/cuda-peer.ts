import { startTorch, type TorchPeer } from '../ops/torch-peer.js';

/** PyTorch with everything on the GPU. */
export type CudaPeer = TorchPeer;

/**
 * PyTorch on this machine's CUDA device, or why there is none. NERFSEG_PYTHON names the Python to ask first. With
 * NERFSEG_PEER_DEVICE=cpu it computes on the CPU: a trial of the peer's programs, its times mean nothing.
 */
export const findCudaPeer = async (): Promise<CudaPeer | string> => {
  const device = process.env.NERFSEG_PEER_DEVICE ?? 'cuda';
  const why: string[] = [];
  for (const python of [process.env.NERFSEG_PYTHON, 'python3', '/usr/bin/python3']) {
    if (python === undefined) continue;
    try {
      return await startTorch(python, 4, process.env, device);
    } catch (problem) {
      why.push(`${python}: ${(problem as Error).message}`);
    }
  }
  return `no PyTorch with CUDA (${why.join('; ')})`;
};
