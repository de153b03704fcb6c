/** One line on a terminal that says how far a long file has been read. */
import { visible } from '@cadf-pipeline/cli';
import type { Output } from '@cadf-pipeline/cli';

export interface Progress {
  /** To be called for each part of the file as it is read, packed or not. */
  read(bytes: number): void;
  records(count: number): void;
  /** Takes the line away. */
  end(): Promise<void>;
}

const QUIET: Progress = { read: () => undefined, records: () => undefined, end: () => Promise.resolve() };
const INTERVAL_MS = 500;

/** `totalBytes`: of the file; undefined for a pipe. `isShown` false: nothing is ever written. */
export function createProgress(
  file: string,
  totalBytes: number | undefined,
  stderr: Output,
  isShown: boolean,
): Progress {
  if (!isShown) return QUIET;
  const begun = performance.now();
  let shownAt = begun;
  let bytes = 0;
  let records = 0;
  let hasLine = false;

  function show(): void {
    const now = performance.now();
    if (now - shownAt < INTERVAL_MS) return;
    shownAt = now;
    hasLine = true;
    const part =
      totalBytes === undefined || totalBytes === 0 ? '' : ` ${Math.floor((100 * bytes) / totalBytes)} %`;
    const rate = Math.round(records / ((now - begun) / 1000));
    void stderr
      .write(`\r\u001B[K${visible(file)}:${part} ${records} records, ${rate}/s`)
      .then(() => stderr.flush());
  }

  return {
    read(count) {
      bytes += count;
      show();
    },
    records(count) {
      records += count;
      show();
    },
    async end() {
      if (hasLine) await stderr.write('\r\u001B[K');
    },
  };
}
