/** Writes the file of batches that test/bench/load.ts posts; the same seed and numbers give the same bytes. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { createEventGenerator } from './openstack-events.ts';

/** Answers the mean size of an event in bytes. */
export function prepareBatches(file: string, events: number, perBatch: number, seed: number): number {
  const generator = createEventGenerator(seed);
  const descriptor = openSync(file, 'w');
  let bytes = 0;
  for (let done = 0; done < events; done += perBatch) {
    const count = Math.min(perBatch, events - done);
    let body = '';
    for (let index = 0; index < count; index++) body += `${generator.next()}\n`;
    const encoded = Buffer.from(body);
    bytes += encoded.length;
    writeSync(descriptor, `#${count} ${encoded.length}\n`);
    writeSync(descriptor, encoded);
  }
  closeSync(descriptor);
  return bytes / events;
}
