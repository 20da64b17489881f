import type { NativeAddon } from './addon.js';

// Apart from the module that loads it: the builders of kernel maps ask here and run in browsers too.
let installed: NativeAddon | undefined;

/** Makes a loaded add-on known to the rest of the package. */
export const installAddon = (addon: NativeAddon): void => {
  installed = addon;
};

/** The add-on, once `registerNativeBackend` has loaded it. */
export const nativeAddon = (): NativeAddon | undefined => installed;
