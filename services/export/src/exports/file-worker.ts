/** The thread that writes the files of one run of an export, beside the one that reads the events. */
import { parentPort } from 'node:worker_threads';
import { unpackFacts } from './file-messages.ts';
import type { FileAnswer, FileRequest } from './file-messages.ts';
import { openFileOutput } from './file-output.ts';
import type { FileOutput } from './file-output.ts';

let output: FileOutput | undefined;
let last: Promise<void> = Promise.resolve();

async function answer(request: FileRequest): Promise<FileAnswer> {
  if (request.kind === 'open') {
    output = await openFileOutput(request);
    return { kind: 'opened' };
  }
  if (output === undefined) throw new Error('no file is open');
  if (request.kind === 'end') return { kind: 'ended', written: await output.end() };
  const { count, facts, length, lines } = request;
  await output.write({
    count,
    lines: Buffer.from(lines, 0, length),
    facts: () => unpackFacts(facts),
  });
  return { kind: 'written', bytes: output.bytes };
}

function failure(error: unknown): FileAnswer {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return {
    kind: 'failed',
    code: typeof code === 'string' ? code : '',
    message: error instanceof Error ? error.message : String(error),
  };
}

// Only file-thread.ts starts the thread, and sends what it says.
parentPort?.on('message', (request: FileRequest) => {
  last = last.then(async () => parentPort?.postMessage(await answer(request).catch(failure)));
});
