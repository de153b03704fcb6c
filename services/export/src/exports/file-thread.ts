/** Writes files in a thread of its own: reading events takes as much time as hashing, packing and writing them. */
import { Worker } from 'node:worker_threads';
import { packFacts } from './file-messages.ts';
import type { FileAnswer, FileRequest } from './file-messages.ts';
import type { FileWriter } from './file-writer.ts';

/** A file cannot be written. `code`: as the operating system names it, such as ENOSPC; '' where it is no matter of that. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const THREAD = new URL('./file-worker.ts', import.meta.url);
/** Blocks on their way: one is written while the next waits. */
const MAX_WAITING = 2;
/** Below it, a buffer may be a part of memory that others use too. */
const MIN_OWN_BYTES = 64 * 1024;

export function createFileThread(): FileWriter {
  const worker = new Worker(THREAD);
  const waiting: { readonly resolve: (answer: FileAnswer) => void }[] = [];
  let lost: FileFault | undefined;
  let bytes = 0;
  /** Blocks that were not written yet, the oldest first. */
  const blocks: Promise<void>[] = [];

  worker.on('message', (answer: FileAnswer) => waiting.shift()?.resolve(answer));
  const fail = (message: string): void => {
    lost ??= new FileFault('', message);
    for (const { resolve } of waiting.splice(0)) resolve({ kind: 'failed', code: '', message });
  };
  worker.on('error', (error) => fail(`the thread that writes files broke: ${String(error)}`));
  worker.on('exit', () => fail('the thread that writes files has ended'));

  async function ask(request: FileRequest, transfer: ArrayBuffer[] = []): Promise<FileAnswer> {
    if (lost !== undefined) throw lost;
    const answer = await new Promise<FileAnswer>((resolve) => {
      waiting.push({ resolve });
      worker.postMessage(request, transfer);
    });
    if (answer.kind !== 'failed') return answer;
    lost ??= new FileFault(answer.code, answer.message);
    throw lost;
  }

  return {
    async open(file) {
      bytes = 0;
      await ask({ kind: 'open', ...file });
    },
    async write(block) {
      const lines = ownMemory(block.lines);
      const facts = packFacts(block.facts());
      const written = ask({ kind: 'block', count: block.count, lines, length: block.lines.length, facts }, [
        lines,
      ]).then((answer) => {
        if (answer.kind === 'written') ({ bytes } = answer);
      });
      // Seen when it is waited for.
      written.catch(() => undefined);
      blocks.push(written);
      if (blocks.length >= MAX_WAITING) await blocks.shift();
    },
    get bytes() {
      return bytes;
    },
    async end() {
      for (const block of blocks.splice(0)) await block;
      const answer = await ask({ kind: 'end' });
      if (answer.kind !== 'ended') throw new FileFault('', 'the thread that writes files lost count');
      return answer.written;
    },
    async stop() {
      await worker.terminate();
    },
  };
}

/** The memory under a buffer, to be handed over: as it is where nothing else is in it, else a copy. */
function ownMemory(lines: Buffer): ArrayBuffer {
  const { buffer, byteLength, byteOffset } = lines;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength >= MIN_OWN_BYTES) return buffer;
  return Uint8Array.from(lines).buffer;
}
