import type { Network } from './network.js';

/** Frees the network's variables. */
export function disposeNetwork(network: Network): void {
  for (const variable of Object.values(network.trainable)) variable.dispose();
  for (const variable of Object.values(network.statistics)) variable.dispose();
}
