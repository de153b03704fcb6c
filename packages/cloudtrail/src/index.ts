/** Files of AWS CloudTrail: log files, digest files, and whether nothing was changed or taken away (docs/cloudtrail.md). */
export { chainOf, readDigestName } from './digest-name.ts';
export type { DigestName } from './digest-name.ts';
export { directoryReader } from './directory-reader.ts';
export { openLogFile } from './log-file.ts';
export { readTrailKeys, TrailKeyError } from './trail-keys.ts';
export type { TrailKeys } from './trail-keys.ts';
export { DEFAULT_LIMITS, TrailFileError } from './trail-file.ts';
export type { TrailFileErrorCode, TrailLimits } from './trail-file.ts';
export type { TrailReader } from './trail-reader.ts';
export { verifyTrail } from './verify-trail.ts';
export type { ChainHead, TrailFault, TrailFaultCode, TrailItem, VerifyTrailOptions } from './trail-item.ts';
