/**
 * What every backend of the event stream does; `describeEventStream` is called by the tests beside each of them.
 * What a backend cannot do by its nature is declared in its `StreamBackend`, never skipped in silence.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { describeAppends } from './stream-appends.ts';
import { describeBatchPlaces } from './stream-batch-places.ts';
import { describeEndings } from './stream-endings.ts';
import { describeGroups } from './stream-groups.ts';
import { describeReads } from './stream-reads.ts';
import { type StreamBackend, streamSuite } from './stream-suite.ts';
import { describeTopics } from './stream-topics.ts';

export type { StreamBackend, StreamTuning } from './stream-suite.ts';

/** Declares the suite. */
export function describeEventStream(name: string, makeBackend: () => Promise<StreamBackend>): void {
  describe(`${name} keeps the contract of an event stream`, () => {
    let made: StreamBackend | undefined;
    beforeAll(async () => {
      made = await makeBackend();
    });
    afterAll(async () => {
      await made?.dispose();
    });
    const suite = streamSuite(() => {
      if (made === undefined) throw new Error('the backend is there only inside tests');
      return made;
    });
    describeAppends(suite);
    describeBatchPlaces(suite);
    describeReads(suite);
    describeTopics(suite);
    describeGroups(suite);
    describeEndings(suite);
  });
}
