/** From what an engine says to what the store says. */
import { StoreError } from '../errors.ts';
import type { StoreErrorCode } from '../errors.ts';

/** Exception codes of ClickHouse, src/Common/ErrorCodes.cpp. */
const CODES: ReadonlyMap<number, StoreErrorCode> = new Map<number, StoreErrorCode>([
  [158, 'STORE_LIMIT_ROWS'], // TOO_MANY_ROWS
  [396, 'STORE_LIMIT_ROWS'], // TOO_MANY_ROWS_OR_BYTES
  [307, 'STORE_LIMIT_BYTES'], // TOO_MANY_BYTES
  [159, 'STORE_LIMIT_TIME'], // TIMEOUT_EXCEEDED
  [160, 'STORE_LIMIT_TIME'], // TOO_SLOW
  [241, 'STORE_LIMIT_MEMORY'], // MEMORY_LIMIT_EXCEEDED
  [394, 'STORE_CANCELLED'], // QUERY_WAS_CANCELLED
  [734, 'STORE_CANCELLED'], // QUERY_WAS_CANCELLED_BY_CLIENT
  // The engine is overloaded, out of room, or lost its peers: the same call may succeed later.
  [202, 'STORE_UNAVAILABLE'], // TOO_MANY_SIMULTANEOUS_QUERIES
  [209, 'STORE_UNAVAILABLE'], // SOCKET_TIMEOUT
  [210, 'STORE_UNAVAILABLE'], // NETWORK_ERROR
  [225, 'STORE_UNAVAILABLE'], // NO_ZOOKEEPER
  [236, 'STORE_UNAVAILABLE'], // ABORTED
  [242, 'STORE_UNAVAILABLE'], // TABLE_IS_READ_ONLY
  [243, 'STORE_UNAVAILABLE'], // NOT_ENOUGH_SPACE
  [252, 'STORE_UNAVAILABLE'], // TOO_MANY_PARTS
  [279, 'STORE_UNAVAILABLE'], // ALL_CONNECTION_TRIES_FAILED
  [285, 'STORE_UNAVAILABLE'], // TOO_FEW_LIVE_REPLICAS
  [319, 'STORE_UNAVAILABLE'], // UNKNOWN_STATUS_OF_INSERT
  [999, 'STORE_UNAVAILABLE'], // KEEPER_EXCEPTION
]);

/** Engine messages repeat the statement and rows of data; a log needs their beginning only. */
const MAX_MESSAGE = 400;

/** What the engine says of a statement: its own code and text. For whoever knows how to say it to the caller. */
export class EngineFault extends Error {
  readonly clickhouseCode: number;
  constructor(clickhouseCode: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'EngineFault';
    this.clickhouseCode = clickhouseCode;
  }
}

/** As `storeFailure`, but for a fault of the statement itself. */
export function statementFailure(clickhouseCode: number | undefined, error: unknown): Error {
  const failure = storeFailure(clickhouseCode, error);
  return failure.code === 'STORE_FAILED' && clickhouseCode !== undefined
    ? new EngineFault(clickhouseCode, error)
    : failure;
}

/** `clickhouseCode` undefined: the failure was not the engine's, such as a refused connection. */
export function storeFailure(clickhouseCode: number | undefined, error: unknown): StoreError {
  const code =
    clickhouseCode === undefined ? 'STORE_UNAVAILABLE' : (CODES.get(clickhouseCode) ?? 'STORE_FAILED');
  const text = error instanceof Error ? error.message : String(error);
  const limit = LIMITS[code];
  const message = limit === undefined ? shorten(text) : `${limit}${greatest(text)}.`;
  return new StoreError(code, message, { cause: error });
}

/** For the caller: what the engine says of a limit may hold names of columns and files, and other queries' memory. */
const LIMITS: Partial<Record<StoreErrorCode, string>> = {
  STORE_LIMIT_ROWS: 'It reads more rows than a query may',
  STORE_LIMIT_BYTES: 'It reads more bytes than a query may',
  STORE_LIMIT_TIME: 'It takes longer than a query may',
  STORE_LIMIT_MEMORY: 'It needs more memory than there is for a query',
};

/** As in `max rows: 10.00 million` and `maximum: 30000 ms`. */
function greatest(text: string): string {
  const [, most] =
    /\bmax(?:imum| rows| bytes): (\d+(?:\.\d+)?(?: (?:thousand|million|billion|ms|[KMGT]?i?B))?)/.exec(
      text,
    ) ?? [];
  return most === undefined ? '' : `: the most is ${most.replace(/\.00\b/, '')}`;
}

export function cancelled(): StoreError {
  return new StoreError('STORE_CANCELLED', 'the query was cancelled by its caller');
}

export function closedError(): StoreError {
  return new StoreError('STORE_CLOSED', 'the event store is closed');
}

function shorten(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
}
