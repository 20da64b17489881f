export { registerWebGpuBackend } from './register.js';
