/** Checks NDJSON line by line, as it comes: one document per line, nearly always one bare event. */
import type { ProfileName } from '@cadf-pipeline/cadf-model';
import type { Chunks } from '../input/put-back.ts';
import { splitLines } from '../input/split-lines.ts';
import type { Line } from '../input/split-lines.ts';
import { utf8FaultAt } from '../input/utf8-fault.ts';
import { checkJson } from './check-json.ts';
import type { Checked } from './finding.ts';
import { maxEventBytes, readingFinding, unreadable } from './reading-faults.ts';

/** Blank lines are skipped, as are a record separator (RFC 7464) and blanks around a record. */
export async function* checkLines(chunks: Chunks, profile: ProfileName): AsyncGenerator<Checked> {
  for await (const lines of splitLines(chunks, maxEventBytes)) {
    for (const line of lines) {
      const checked = checkLine(line, profile);
      if (checked !== undefined) yield checked;
    }
  }
}

function checkLine({ number, bytes, length }: Line, profile: ProfileName): Checked | undefined {
  if (bytes === undefined) {
    const place = { line: number, column: 1 };
    const message = `the record has ${length} bytes`;
    return unreadable(readingFinding('CADF_READ_TOO_LARGE', place, { message }));
  }
  const start = leadingBlanks(bytes);
  if (start === bytes.length) return undefined;
  const record = bytes.subarray(start);
  const bad = utf8FaultAt(record);
  if (bad >= 0) {
    const column = start + record.subarray(0, bad).toString('utf8').length + 1;
    return unreadable(readingFinding('CADF_READ_ENCODING', { line: number, column }));
  }
  return checkJson(record.toString('utf8'), profile, { line: number, column: start + 1 });
}

function leadingBlanks(bytes: Buffer): number {
  let at = 0;
  for (let byte = bytes[at]; byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x1e;)
    byte = bytes[++at];
  return at;
}
