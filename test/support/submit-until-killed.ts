/**
 * Submits events by way of a spool and says which are safe: `node submit-until-killed.ts <url> <key> <dir> <from> <count>`.
 * Writes the number of each event on a line once it is on disk, and `done` when the service has them all.
 */
import { createClient } from '@cadf-pipeline/client';
import { testEvent } from './events.ts';

const [url = '', key = '', dir = '', from = '0', count = '0'] = process.argv.slice(2);
const submitter = createClient({ url, key }).submitter({
  batch: { maxEvents: 50, maxWaitMs: 10 },
  spool: { dir },
});
const first = Number(from);
for (let at = first; at < first + Number(count); at += 5) {
  const numbers = [at, at + 1, at + 2, at + 3, at + 4];
  await Promise.all(numbers.map((number) => submitter.add(testEvent({ id: `spooled-${number}` }))));
  process.stdout.write(numbers.map((number) => `${number}\n`).join(''));
}
await submitter.flush();
process.stdout.write('done\n');
await submitter.close();
