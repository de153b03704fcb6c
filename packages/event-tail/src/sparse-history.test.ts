/** A reading that has a long past before it in which little is for it. */
import { parseFilter } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import { expect, test } from 'vitest';
import { testEvent } from '../../../test/support/events.ts';
import { ALL, idsOf, placeOfWork, take, workOn } from './event-tail.test-support.ts';
import type { TailPlace } from './interface.ts';

/** More than the process keeps of what was released last. */
const COUNT = 14_000;

function failures(): Filter {
  const parsed = parseFilter("outcome = 'failure'");
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.filter;
}

test(
  'it tells how far it is though it found nothing, and goes on from there',
  { timeout: 60_000 },
  async () => {
    const { stream, store: engine } = await placeOfWork();
    const asked: number[] = [];
    const work = workOn(
      stream,
      {
        ...engine,
        accepted(scope, query, signal) {
          asked.push(query.from.get(0) ?? 0);
          return engine.accepted(scope, query, signal);
        },
      },
      1,
    );
    await work.submit({
      events: Array.from({ length: COUNT }, (_, index) =>
        testEvent({ id: `e-${index}`, outcome: index === COUNT - 1 ? 'failure' : 'success' }),
      ),
      receivedMs: 1_000,
    });
    await work.write();
    const stop = new AbortController();
    const options = { scope: () => ALL, filter: failures(), placeEveryMs: 0, signal: stop.signal };
    let told: TailPlace | undefined;
    for await (const { events, isLive, place } of work.tail.follow({
      ...options,
      from: { next: new Map() },
    })) {
      expect(events).toEqual([]);
      expect(isLive).toBe(false);
      told = place;
      break;
    }
    stop.abort();
    if (told === undefined) throw new Error('no place was told');
    const reached = told.next.get(0) ?? 0;
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(COUNT - 10_000);
    const found = await take(work.tail, 1, { filter: failures(), from: told });
    expect(idsOf(found)).toEqual([`e-${COUNT - 1}`]);
    expect(asked.slice(0, 2)).toEqual([0, reached]);
  },
);
