import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createOutput } from './output.ts';

test('whoever writes waits for a slow reader, and everything arrives in order', async () => {
  let arrived = '';
  let mostWaiting = 0;
  const stream = new Writable({
    highWaterMark: 1024,
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      arrived += chunk;
      mostWaiting = Math.max(mostWaiting, stream.writableLength);
      void setImmediate().then(() => done());
    },
  });
  const output = createOutput(stream);
  let written = '';
  for (let number = 0; number < 100_000; number++) {
    const text = `${number}\n`;
    written += text;
    await output.write(text);
  }
  await output.flush();
  expect(arrived === written).toBe(true);
  // One block and what a character more than its limit adds, not the 600 KB of all blocks.
  expect(mostWaiting).toBeLessThan(70_000);
});
