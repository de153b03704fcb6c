/** How much may be sent to an import: what waits there and what is arriving by this process have one bound. */

export interface Arrival {
  /** Counts a piece; false where there is no room for it. */
  piece(bytes: number): Promise<boolean>;
  /** It is at rest, or given up: to be called once. */
  end(): void;
}

interface Arriving {
  files: number;
  bytes: number;
  /** How many came to an end since the first of those that are arriving. */
  ended: number;
}

/** `held`: bytes that wait in the import. */
export function createInboxRoom(maxBytes: number): (id: string, held: () => Promise<number>) => Arrival {
  const arriving = new Map<string, Arriving>();

  return (id, held) => {
    const now = arriving.get(id) ?? { files: 0, bytes: 0, ended: 0 };
    arriving.set(id, now);
    now.files++;
    let own = 0;
    let seen: number | undefined;
    let atRest = 0;
    return {
      async piece(bytes) {
        own += bytes;
        now.bytes += bytes;
        if (seen !== now.ended) {
          seen = now.ended;
          atRest = await held();
        }
        return atRest + now.bytes <= maxBytes;
      },
      end() {
        now.files--;
        now.bytes -= own;
        now.ended++;
        if (now.files === 0) arriving.delete(id);
      },
    };
  };
}
