/** Walks through what a file of origins says, some thousand events at a time. */
export interface OriginRun {
  readonly source: string;
  readonly count: number;
}

export interface OriginCursor {
  /** The runs of the next so many events; none where no origins are told. */
  next(count: number): Promise<readonly OriginRun[]>;
  skip(count: number): Promise<void>;
}

export function createOriginCursor(origins: AsyncIterable<OriginRun> | undefined): OriginCursor {
  const iterator = origins?.[Symbol.asyncIterator]();
  let current: OriginRun | undefined;

  async function next(count: number): Promise<readonly OriginRun[]> {
    const runs: OriginRun[] = [];
    let wanted = count;
    while (wanted > 0 && iterator !== undefined) {
      if (current === undefined) {
        const read = await iterator.next();
        if (read.done === true) break;
        current = read.value;
      }
      const { source, count: held } = current;
      const some = Math.min(held, wanted);
      runs.push({ source, count: some });
      wanted -= some;
      current = held > some ? { source, count: held - some } : undefined;
    }
    return runs;
  }

  return {
    next,
    async skip(count) {
      await next(count);
    },
  };
}
