import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRestPacker, createShapeSplitter } from './index.ts';
import type { Split } from './index.ts';
import { restoreUuidHyphens, stripUuidHyphens } from './uuid-hyphens.ts';

const ID = '5f0c1f5e-6ad9-4c57-9c35-5b1f6f9bd1aa';
const PROJECT = '90639cc63b9140c4bf1ce6decc2ce9a3';

function splitTwice(text: string): Split {
  const splitter = createShapeSplitter();
  splitter.split(text);
  const split = splitter.split(text);
  if (split === undefined) throw new Error('not split');
  return split;
}

/** The values a column would hold, by pointer. */
function columnsOf(split: Split): (pointer: string) => string {
  return (pointer) => split.values[split.shape.holes.indexOf(pointer)] ?? '';
}

test('a value that holds another keeps only a reference to it, and a UUID loses its hyphens', () => {
  const path = `/v2.1/${PROJECT}/servers/${ID}`;
  const request = 'req-0e8d4a6b-95a2-4b8e-8f0b-2d1c7c9f3e11';
  const split = splitTwice(JSON.stringify({ id: ID, path, project: PROJECT, request }));
  const packer = createRestPacker(['/id', '/project']);
  const rest = packer.pack(split);
  expect(rest).toBe('/v2.1/\u0003/servers/\u0001\u001freq-\u001d0e8d4a6b95a24b8e8f0b2d1c7c9f3e11');
  expect(packer.unpack(split.shape, rest, columnsOf(split))).toEqual([ID, path, PROJECT, request]);
});

test('what one packer learned does not matter to another that unpacks', () => {
  const packer = createRestPacker(['/id']);
  const other = createRestPacker(['/id']);
  const splitter = createShapeSplitter();
  for (let i = 0; i < 100; i++) {
    const id = `${i}${ID.slice(String(i).length)}`;
    // In the first fifty texts the path holds the identifier, in the others it does not.
    const split = splitter.split(JSON.stringify({ id, path: i < 50 ? `/x/${id}` : `/y/${ID}/${i}` }));
    if (split === undefined) continue;
    expect(other.unpack(split.shape, packer.pack(split), columnsOf(split))).toEqual(split.values);
  }
});

test('a shape without values but in columns packs to the empty text', () => {
  const split = splitTwice(JSON.stringify({ id: ID }));
  const packer = createRestPacker(['/id']);
  expect(packer.pack(split)).toBe('');
  expect(packer.unpack(split.shape, '', columnsOf(split))).toEqual([ID]);
});

test('a rest with another number of values is refused by name of the shape', () => {
  const split = splitTwice(JSON.stringify({ a: 1, b: 2 }));
  const packer = createRestPacker([]);
  expect(() => packer.unpack(split.shape, '1', columnsOf(split))).toThrow(
    `shape ${split.shape.id} has 2 values without a column, not 1`,
  );
});

test('whatever the values and the columns, unpacking gives the values again', () => {
  const piece = fc.oneof(
    fc.uuid(),
    fc.constantFrom(ID, PROJECT, '-', '----', '/', '\\u0001', '\u007f'),
    fc.string({ maxLength: 3 }).map((text) => JSON.stringify(text).slice(1, -1)),
  );
  const pool = fc.array(
    fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('')),
    { minLength: 1, maxLength: 4 },
  );
  // Values made of each other, so that there is much to refer to.
  const values = pool.chain((parts) =>
    fc.array(
      fc.array(fc.constantFrom(...parts), { maxLength: 3 }).map((chosen) => chosen.join('/')),
      { minLength: 1, maxLength: 30 },
    ),
  );
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 3 }), fc.nat(), (events, columnMask) => {
      const width = Math.max(...events.map((event) => event.length));
      const holes = Array.from({ length: width }, (_, i) => `/${i}`);
      const shape = {
        id: '1',
        pieces: Array.from({ length: width + 1 }, () => '"'),
        holes,
        constants: new Map<string, string>(),
      };
      const packer = createRestPacker(holes.filter((_, i) => ((columnMask >> (i % 30)) & 1) === 1));
      for (const event of events) {
        const split = { shape, values: holes.map((_, i) => event[i] ?? '') };
        expect(packer.unpack(shape, packer.pack(split), columnsOf(split))).toEqual(split.values);
      }
    }),
    { numRuns: 500 },
  );
});

test('hyphens go from whatever is hyphenated like a UUID and come back in place', () => {
  const text = fc
    .array(fc.oneof(fc.uuid(), fc.constantFrom('-', 'a', '12345678', '-1234', '\u001f', '\u0001', 'é')), {
      maxLength: 30,
    })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (original) => {
      const stripped = stripUuidHyphens(original);
      expect(restoreUuidHyphens(stripped)).toBe(original);
    }),
    { numRuns: 2000 },
  );
  expect(stripUuidHyphens(`a-${ID}-${ID}`)).toBe(
    `a-\u001d${ID.replaceAll('-', '')}-\u001d${ID.replaceAll('-', '')}`,
  );
  const overlapping = `${ID}-1234-1234-1234-123456789012`;
  expect(restoreUuidHyphens(stripUuidHyphens(overlapping))).toBe(overlapping);
});
