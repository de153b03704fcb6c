import { createShapeSplitter } from '@cadf-pipeline/event-shape';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryEvent } from '../../../../test/support/arbitrary-event.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { createEventReader } from './event-row.ts';
import type { EventRow } from './event-row.ts';
import { columnIndex, COLUMN_POINTERS } from './text-columns.ts';

/** Without what depends on whether there is a shape. */
function columnsOf(row: EventRow): Omit<EventRow, 'shape' | 'rest' | 'moreWords'> {
  const { shape: _shape, rest: _rest, moreWords: _words, ...columns } = row;
  // Its second bit is about the rest.
  return { ...columns, odd: columns.odd & 1 };
}

describe('rows of events', () => {
  const reader = (): ReturnType<typeof createEventReader> =>
    createEventReader(createShapeSplitter({ columnPointers: COLUMN_POINTERS, minSightings: 1 }));
  const parser = createEventReader({ split: () => undefined });

  it('have the same columns by their shape as by parsing', () => {
    const read = reader();
    let shaped = 0;
    fc.assert(
      fc.property(
        arbitraryEvent,
        fc.array(fc.constantFrom('target', 'initiator', 'observer', 'x', 'a\\u00e4'), { maxLength: 4 }),
        (event, ids) => {
          // The same form with other values: first to find the shape, then with ids that need a closer look.
          for (const [index, id] of ['one', ...ids].entries()) {
            const changed = {
              ...event,
              id: `${String(event['id'])}-${index}`,
              observer: { id, name: '' },
              reason: { reasonType: 'HTTP', reasonCode: index * 1.5e20 },
            };
            const value = Buffer.from(JSON.stringify(changed).replaceAll('\\\\u00e4', '\\u00e4'));
            const row = read(value);
            const parsed = parser(value);
            if (row.reason !== undefined || parsed.reason !== undefined) {
              expect(row).toEqual(parsed);
              continue;
            }
            if (row.shape !== undefined) shaped += 1;
            expect(columnsOf(row)).toEqual(columnsOf(parsed));
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(shaped).toBeGreaterThan(100);
  });

  it('hold what is written in columns once: the rest of a typical event is short', () => {
    const read = reader();
    const values = Array.from({ length: 5 }, () =>
      Buffer.from(
        JSON.stringify(
          testEvent({
            observer: { id: 'target' },
            requestPath: '/servers/0c2f4c0e-95a5-4c55-9a0c-3b1de1f2a7b9',
          }),
        ),
      ),
    );
    const row = values.map((value) => read(value)).at(-1)!;
    if (row.reason !== undefined) throw new Error(row.reason);
    expect(row.shape).toBeDefined();
    expect(row.rest).not.toMatch(/[A-Za-z0-9]{8}/);
    expect(row.observerRef).toBe('target');
    expect(row.columns[columnIndex('observer_own_id')]).toBe('');
    expect(row.columns[columnIndex('request_path_ref')]).toBe('/servers/\u001e\u0004');
  });
});
