/** Lines of a batch, one after the other. */

const LINE_FEED = 0x0a;

/** Calls with the bytes of each line, without its line feed, and with its number from 0. */
export function forEachLine(lines: Buffer, take: (line: Buffer, index: number) => void): void {
  let start = 0;
  for (let index = 0; start < lines.length; index++) {
    const end = lines.indexOf(LINE_FEED, start);
    const to = end < 0 ? lines.length : end;
    take(lines.subarray(start, to), index);
    start = to + 1;
  }
}
