/** Puts a file that never ends into the directory given, and says so once a part of it is written. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createDirectoryPlace } from './directory-place.ts';

const path = process.argv[2] ?? '';

async function* endless(): AsyncGenerator<Buffer> {
  for (let n = 0; ; n += 1) {
    yield Buffer.alloc(100_000);
    if (n === 5) process.stdout.write('writing\n');
    await sleep(5);
  }
}

await createDirectoryPlace({ path, roots: [path] }).put('file', endless());
