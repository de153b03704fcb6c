/** What an error of the file system means for a place. */
import type { FilePlaceFault } from '../file-place-error.ts';
import { FilePlaceError } from '../file-place-error.ts';

const FAULTS: Readonly<Record<string, { readonly fault: FilePlaceFault; readonly how: string }>> = {
  EACCES: { fault: 'denied', how: 'the service may not do this there: give its user the right' },
  EPERM: { fault: 'denied', how: 'the service may not do this there: give its user the right' },
  EROFS: { fault: 'denied', how: 'the file system can only be read' },
  ENOSPC: { fault: 'full', how: 'there is no space left' },
  EDQUOT: { fault: 'full', how: 'the quota of the user is used up' },
  EFBIG: { fault: 'too-large', how: 'the file system takes no file so large' },
  ENAMETOOLONG: { fault: 'name', how: 'the name is too long for the file system' },
  EISDIR: { fault: 'name', how: 'a folder has this name' },
  ENOTEMPTY: { fault: 'name', how: 'a folder has this name' },
  EEXIST: { fault: 'name', how: 'a folder has this name' },
  ENOTDIR: {
    fault: 'refused',
    how: 'a part of the path is a file or a symbolic link, and links are not followed',
  },
  ELOOP: { fault: 'refused', how: 'it is a symbolic link, and links are not followed' },
  EMFILE: { fault: 'busy', how: 'the process has too many files open' },
  ENFILE: { fault: 'busy', how: 'the machine has too many files open' },
  EXDEV: {
    fault: 'failed',
    how: 'a folder in it is another file system, where files cannot be moved to at once',
  },
};

/** `what`: the beginning of a sentence, such as `The file "a" cannot be written to directory /exports`. */
export function directoryFault(what: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof FilePlaceError || !('code' in error)) return error;
  const { code } = error;
  // Of the system, not of the content or a signal.
  if (typeof code !== 'string' || !('syscall' in error)) return error;
  const known = FAULTS[code];
  return known === undefined
    ? new FilePlaceError('failed', `${what}: the file system answered ${code}.`, { cause: error })
    : new FilePlaceError(known.fault, `${what}: ${known.how} (${code}).`, { cause: error });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
