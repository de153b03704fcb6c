import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEmbeddedSearch, embed } from './embedded.ts';
import { escapeMarks, resolveReferences } from './references.ts';
import { columnIndex, TEXT_COLUMNS, TIME_CODE } from './text-columns.ts';

const CODES = new Map(TEXT_COLUMNS.map((column, index) => [column.code, index]));
const TIME = { ms: 0, form: '0Z', below: 0 };
const part = fc.oneof(fc.stringMatching(/^[ab]{8,10}$/), fc.string({ maxLength: 12 }), fc.uuid());

function columnsWith(values: readonly string[]): string[] {
  const columns = TEXT_COLUMNS.map(() => '');
  for (const [at, name] of ['id', 'initiator_id', 'initiator_project', 'target_id'].entries())
    columns[columnIndex(name)] = values[at] ?? '';
  return columns;
}

it('what was replaced by references comes back, whatever the values and however they overlap', () => {
  const search = createEmbeddedSearch();
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 4, maxLength: 4 }),
      fc.array(fc.oneof(part, fc.integer({ min: 0, max: 4 })), { maxLength: 6 }),
      fc.boolean(),
      (values, pieces, raw) => {
        const time = values[0] ?? '';
        const all = [...values, time];
        const joined = pieces
          .map((piece) => (typeof piece === 'number' ? (all[piece] ?? '') : piece))
          .join('');
        // Raw JSON has no control characters; other texts are escaped first.
        // eslint-disable-next-line no-control-regex -- control characters are what it removes
        const text = raw ? joined.replaceAll(/[\0-\x1f]/g, '') : joined;
        const columns = columnsWith(values);
        // eslint-disable-next-line no-control-regex -- columns with control characters are not offered
        const offered = columns.map((column) => (/[\0-\x1f]/.test(column) ? '' : column));
        const stored = embed(raw ? text : escapeMarks(text), offered, TIME, raw ? time : '', search);
        const back = resolveReferences(stored, (code) =>
          code === TIME_CODE ? time : (columns[CODES.get(code) ?? -1] ?? ''),
        );
        expect(back).toBe(text);
      },
    ),
    { numRuns: 2000 },
  );
});

it('an identifier inside a longer text costs two characters', () => {
  const columns = columnsWith(['0b5a4c3e-1111-4222-8333-444455556666']);
  const stored = embed(`/servers/${columns[0]}/action`, columns, TIME, '', createEmbeddedSearch());
  expect(stored).toBe('/servers/\u001e\u0001/action');
});

it('every column has a code of its own, none of them one that texts use', () => {
  const codes = TEXT_COLUMNS.map((column) => column.code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter((code) => code < 1 || code > 23 || code === TIME_CODE)).toEqual([]);
});
