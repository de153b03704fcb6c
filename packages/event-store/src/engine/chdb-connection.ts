/**
 * One connection to the engine, a session at a time.
 *
 * After a statement that failed or was stopped the session is closed and the next statement opens another (0.2 ms):
 * what the engine had written of the answer by then would come before the next answer (seen with chdb 3.4.0), and the
 * next answer may be another tenant's.
 */
import type { Session } from 'chdb';
import { StoreError } from '../errors.ts';
import type { EngineSharer } from './engine-sharer.ts';
import { closedError, storeFailure } from './store-failure.ts';

export interface ChdbAnswer {
  readonly bytes: Uint8Array;
  readonly rowsRead: number;
}

type Failure = (clickhouseCode: number | undefined, error: unknown) => Error;

export interface ChdbConnection {
  /** One statement at a time. Throws what `failure` makes of the engine's error; left out, a StoreError. */
  run(sql: string, format: string, failure?: Failure): Promise<ChdbAnswer>;
  /** The answer in pieces, until its end or until the caller stops. Throws StoreError. */
  stream(sql: string, format: string): AsyncGenerator<Uint8Array>;
  /** Nothing may be running. What is asked afterwards fails with STORE_CLOSED. */
  close(): void;
}

/** Opens the first session. `open` throws StoreError; so does every statement once the engine of `sharer` is lost. */
export function openChdbConnection(open: () => Session, sharer?: EngineSharer): ChdbConnection {
  let closed = false;
  const requireEngine = (): void => {
    // Another session would start the engine again, behind the one who closed it.
    if (closed) throw closedError();
    const lost = sharer?.lost();
    if (lost !== undefined) throw new StoreError('STORE_FAILED', lost);
  };
  requireEngine();
  let session: Session | undefined = open();
  const drop = (): void => {
    session?.close();
    session = undefined;
  };
  return {
    async run(sql, format, failure = storeFailure) {
      requireEngine();
      session ??= open();
      try {
        const result = await session.queryAsync(sql, { format });
        return { bytes: result.bytes(), rowsRead: result.rowsRead };
      } catch (error) {
        drop();
        throw failure(chdbCodeOf(error), error);
      }
    },
    async *stream(sql, format) {
      requireEngine();
      session ??= open();
      let ended = false;
      try {
        for await (const chunk of session.queryStream(sql, { format })) yield chunk.raw();
        ended = true;
      } catch (error) {
        throw storeFailure(chdbCodeOf(error), error);
      } finally {
        if (!ended) drop();
      }
    },
    close() {
      closed = true;
      drop();
    },
  };
}

/** The number the engine gives its errors; those of a stream have it in their text only. */
function chdbCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('clickhouseCode' in error && typeof error.clickhouseCode === 'number') return error.clickhouseCode;
  const [, code] = /^Code: (\d+)\. DB::/.exec(error.message) ?? [];
  return code === undefined ? undefined : Number(code);
}
