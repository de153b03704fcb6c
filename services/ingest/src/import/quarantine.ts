/** What was refused, kept to be looked at: the files below `<CADF_IMPORT_DIR>/<id>/quarantine`, up to a bound. */
import type { FilePlace } from '@cadf-pipeline/file-places';

export interface RefusedFile {
  readonly name: string;
  readonly read: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface Quarantine {
  /** Keeps files under one name; false where there is no room for them. The same name again replaces. */
  keep(under: string, files: readonly RefusedFile[], signal: AbortSignal): Promise<boolean>;
}

class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

const FIT = /[^A-Za-z0-9._=-]/g;

export function createQuarantine(place: FilePlace, maxBytes: number): Quarantine {
  return {
    async keep(under, files, signal) {
      let held = 0;
      for await (const { bytes } of place.list({ signal })) held += bytes;
      const folder = fit(under);
      let whole = true;
      for (const { name, read } of files) {
        const into = `${folder}/${fit(name)}`;
        let left = maxBytes - held;
        const bounded = async function* (): AsyncGenerator<Uint8Array> {
          for await (const chunk of read()) {
            left -= chunk.length;
            if (left < 0) throw new NoRoom();
            yield chunk;
          }
        };
        try {
          await place.put(into, bounded(), { signal });
          held = maxBytes - left;
        } catch (error) {
          if (!(error instanceof NoRoom)) throw error;
          whole = false;
        }
      }
      return whole;
    },
  };
}

function fit(name: string): string {
  return name.replaceAll(FIT, '_').replace(/^\./, '_').slice(-200);
}
