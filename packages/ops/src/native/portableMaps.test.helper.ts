export { stridedMap as portableStridedMap } from '../kernelmap/stridedMap.js';
export { submanifoldMap as portableSubmanifoldMap } from '../kernelmap/submanifoldMap.js';
