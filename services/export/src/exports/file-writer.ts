/** Writes files one after the other, in a thread or beside everything else. */
import type { EventBlock } from '@cadf-pipeline/event-store';
import type { OpenFile, WrittenFile } from './file-messages.ts';
import { openFileOutput } from './file-output.ts';
import type { FileOutput } from './file-output.ts';
import { createFileThread } from './file-thread.ts';

export interface FileWriter {
  open(file: Omit<OpenFile, 'kind'>): Promise<void>;
  /** Takes the memory of the block. Resolves when there is room for another one. */
  write(block: EventBlock): Promise<void>;
  /** Of the open file, as far as it is known. */
  readonly bytes: number;
  /** Resolves when the file is durable, and what is beside it. */
  end(): Promise<WrittenFile>;
  /** Whatever it does. */
  stop(): Promise<void>;
}

/** Fewer are written sooner than a thread has started. */
const THREAD_FROM_EVENTS = 20_000;

/** `events`: how many there will be. All throw FileFault, and Node's own errors of files. */
export function createFileWriter(events: number): FileWriter {
  return events >= THREAD_FROM_EVENTS ? createFileThread() : createInlineFiles();
}

function createInlineFiles(): FileWriter {
  let output: FileOutput | undefined;

  function opened(): FileOutput {
    if (output === undefined) throw new Error('no file is open');
    return output;
  }

  return {
    async open(file) {
      output = await openFileOutput({ kind: 'open', ...file });
    },
    write: (block) => opened().write(block),
    get bytes() {
      return output?.bytes ?? 0;
    },
    async end() {
      const written = await opened().end();
      output = undefined;
      return written;
    },
    async stop() {
      await output?.end().catch(() => undefined);
    },
  };
}
