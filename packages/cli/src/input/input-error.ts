/** A file, or stdin, that cannot be read to its end: missing, damaged, too large. The message is for people. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** What the system or the unpacker says, in words; other errors go on as they are. */
export function toInputError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const words = reasons[error.code];
  if (words !== undefined) return new InputError(words, { cause: error });
  if ('syscall' in error || /^Z_|^ZSTD_/.test(error.code))
    return new InputError(`${error.message}`, { cause: error });
  return error;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  EISDIR: 'it is a directory; name the files in it',
  ENOTDIR: 'a part of the path is no directory',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  EIO: 'the device reports an error',
  Z_BUF_ERROR: 'the packed data ends too early: the file is cut off',
  Z_DATA_ERROR: 'the packed data is damaged',
};
