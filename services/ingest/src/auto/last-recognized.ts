/** What the record before was of, per sender and program: where lines that go on with it belong to. */
import type { RecordHeader } from '../normalize/header.ts';
import type { RawRecord } from '../source.ts';
import type { Recognized } from './recognize.ts';

/** The oldest is forgotten beyond. */
const MAX_STREAMS = 10_000;

export interface LastRecognized {
  /** Undefined where there was none, or it was not recognized. */
  before(header: RecordHeader, record: RawRecord): Recognized | undefined;
  /** What a record was of; undefined: of nothing known. */
  remember(header: RecordHeader, record: RawRecord, recognized: Recognized | undefined): void;
  clear(): void;
}

export function createLastRecognized(): LastRecognized {
  const streams = new Map<string, Recognized | undefined>();

  function put(key: string, recognized: Recognized | undefined): void {
    if (streams.get(key) === recognized && streams.has(key)) return;
    if (!streams.has(key) && streams.size >= MAX_STREAMS) {
      const [oldest] = streams.keys();
      if (oldest !== undefined) streams.delete(oldest);
    }
    streams.set(key, recognized);
  }

  return {
    before: (header, record) =>
      streams.get(header.form === 'none' ? senderOf(record) : streamOf(header, record)),
    remember(header, record, recognized) {
      // A line without a header goes on with whatever came before it from the same sender.
      put(senderOf(record), recognized);
      if (header.form !== 'none') put(streamOf(header, record), recognized);
    },
    clear: () => streams.clear(),
  };
}

function senderOf({ address = '' }: RawRecord): string {
  return address;
}

function streamOf({ host = '', program = '' }: RecordHeader, { address = '' }: RawRecord): string {
  return `${address}\n${host}\n${program}`;
}
