import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '@cadf-pipeline/event-store';
import { EVERYONE } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

function letter(id: string, changes: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id,
    receivedMs: Date.UTC(2026, 10, 1),
    source: 'source-a',
    sourceType: 'syslog',
    submitter: 'key-1',
    tenants: ['tenant-a'],
    stage: 'decode',
    code: 'RECORD_NOT_JSON',
    detail: 'it\'s "not"\tJSON: ö',
    record: Buffer.from([0, 0xff, 10, 9, 0x5c, 0x27, 0xc3]),
    status: 'open',
    ...changes,
  };
}

export function describeDeadLetters({ store: openStore }: StoreSuite): void {
  describe('dead letters', () => {
    it('come back as they were, byte for byte', async () => {
      const store = await openStore();
      const letters = [letter('0-1'), letter('0-2', { tenants: [], record: Buffer.alloc(0), detail: '' })];
      await store.putDeadLetters([]);
      await store.putDeadLetters(letters);
      for (const each of letters) expect(await store.deadLetter(EVERYONE, each.id)).toEqual(each);
      expect(await store.deadLetter(EVERYONE, '0-3')).toBeUndefined();
    });

    it('are one however often they are put, and a replay stays a replay', async () => {
      const store = await openStore();
      const replayed = letter('0-1', { status: 'replayed', outcome: 'accepted' });
      for (const each of [letter('0-1'), letter('0-1'), replayed, letter('0-1')])
        await store.putDeadLetters([each]);
      expect(await store.deadLetters(EVERYONE, { limit: 10 })).toEqual([replayed]);
      expect(await store.deadLetters(EVERYONE, { limit: 10, status: 'open' })).toEqual([]);
      expect(await store.deadLetters(EVERYONE, { limit: 10, status: 'replayed' })).toEqual([replayed]);
    });

    it('are listed newest first, page by page, by source, code and status', async () => {
      const store = await openStore();
      const letters = Array.from({ length: 25 }, (_, i) =>
        letter(`0-${i}`, {
          receivedMs: Date.UTC(2026, 10, 1) + Math.floor(i / 5),
          source: i % 2 === 0 ? 'source-a' : 'source-b',
          code: i % 3 === 0 ? 'X' : 'Y',
        }),
      );
      await store.putDeadLetters(letters);
      const ids: string[] = [];
      for (;;) {
        const after = ids.at(-1);
        const page = await store.deadLetters(EVERYONE, {
          limit: 10,
          ...(after === undefined ? {} : { after }),
        });
        ids.push(...page.map((each) => each.id));
        if (page.length < 10) break;
      }
      const newest = letters.toSorted((a, b) => b.receivedMs - a.receivedMs || (a.id < b.id ? 1 : -1));
      expect(ids).toEqual(newest.map((each) => each.id));
      const some = await store.deadLetters(EVERYONE, { limit: 100, source: 'source-b', code: 'X' });
      expect(some.map((each) => each.id)).toEqual(
        newest.filter((each) => each.source === 'source-b' && each.code === 'X').map((each) => each.id),
      );
    });

    it('are seen by their tenants only; what has none by everyone only', async () => {
      const store = await openStore();
      await store.putDeadLetters([
        letter('0-1'),
        letter('0-2', { tenants: [] }),
        letter('0-3', { tenants: ['tenant-b'] }),
      ]);
      const seen = async (tenants: '*' | string[]): Promise<string[]> =>
        (await store.deadLetters({ tenants }, { limit: 10 })).map((each) => each.id).sort();
      expect(await seen('*')).toEqual(['0-1', '0-2', '0-3']);
      expect(await seen(['tenant-a'])).toEqual(['0-1']);
      expect(await seen([])).toEqual([]);
      expect(await store.deadLetter({ tenants: ['tenant-a'] }, '0-3')).toBeUndefined();
      expect(await store.deadLetter({ tenants: ['tenant-a'] }, '0-1')).toBeDefined();
      expect(await store.deadLetter({ tenants: [] }, '0-1')).toBeUndefined();
    });
  });
}
