/** Places where files are kept: directories and S3-compatible buckets. */
export type {
  CheckOptions,
  FileContent,
  FileFacts,
  FilePlace,
  ListedFile,
  ListOptions,
  PutOptions,
  ReadOptions,
} from './file-place.ts';
export { FilePlaceError } from './file-place-error.ts';
export type { FilePlaceFault } from './file-place-error.ts';
export { contentOfFile } from './content-of-file.ts';
export { securityLakeName } from './security-lake.ts';
export type { SecurityLakePartition } from './security-lake.ts';
export { createBucketPlace } from './bucket/bucket-place.ts';
export { faultOfBucket } from './bucket/bucket-options.ts';
export type { BucketCredentials, BucketFault, BucketPlaceOptions } from './bucket/bucket-options.ts';
export { createDirectoryPlace, faultOfDirectory } from './directory/directory-place.ts';
export type { DirectoryPlaceOptions } from './directory/directory-place.ts';
