/** The file that says which source each event of another one is of, while both are written. */
import { appendFile } from 'node:fs/promises';
import type { EventFacts } from '@cadf-pipeline/event-formats';
import { createOriginsFile } from '@cadf-pipeline/federation';
import type { ManifestFile } from '@cadf-pipeline/federation';

export interface OriginsOutput {
  write(facts: readonly EventFacts[]): Promise<void>;
  /** Resolves when it is durable; undefined: no event was written, and there is no file. */
  end(): Promise<ManifestFile | undefined>;
}

/** `events`: the name of the other one. Throws what the file system throws. */
export function createOriginsOutput(path: string, events: string): OriginsOutput {
  const origins = createOriginsFile(events);
  let isEmpty = true;
  return {
    async write(facts) {
      for (const { source } of facts) origins.add(source);
      isEmpty &&= facts.length === 0;
      const bytes = origins.take();
      if (bytes.length > 0) await appendFile(path, bytes, { mode: 0o600 });
    },
    async end() {
      if (isEmpty) return undefined;
      const { bytes, file } = origins.end();
      await appendFile(path, bytes, { mode: 0o600, flush: true });
      return file;
    },
  };
}
