// What bundlers take instead of replace-file.ts (package.json, `browser`).

/** There are no files in a browser: `encodeSafetensors` gives the bytes to store elsewhere. */
export const replaceFile = async (path: string, _bytes: Uint8Array): Promise<void> => {
  throw new Error(`a browser cannot write '${path}'`);
};
