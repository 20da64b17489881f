export type { Claim, ClaimRules, Claims, ForeignClaim } from './claims.js';
export { claimsIn } from './claims.js';
export { systemCode } from './system-code.js';
export type { FileContent } from './write-aside.js';
export { writeAside } from './write-aside.js';
export { writeFileAtomic } from './write-file-atomic.js';
