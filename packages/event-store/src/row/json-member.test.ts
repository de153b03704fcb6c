import fc from 'fast-check';
import { expect, it } from 'vitest';
import { elementTexts, memberSpan, setMember } from './json-member.ts';

const value = fc.jsonValue({ maxDepth: 3 });
const key = fc.oneof(fc.constantFrom('chain', 'a"b', 'ch\\ain', ''), fc.string({ maxLength: 6 }));
const indent = fc.constantFrom(undefined, 2, '\t');

it('a member is found where JSON.parse finds it, and set without touching the rest', () => {
  fc.assert(
    fc.property(
      fc.dictionary(key, value, { maxKeys: 6 }),
      fc.array(value, { maxLength: 3 }),
      indent,
      (object, chain, blanks) => {
        const text = JSON.stringify(object, undefined, blanks);
        const span = memberSpan(text, 'chain');
        expect(span !== undefined).toBe(Object.hasOwn(object, 'chain'));
        if (span !== undefined)
          expect(JSON.parse(text.slice(span.start, span.end))).toEqual(
            JSON.parse(JSON.stringify(object['chain'])),
          );
        const set = setMember(text, 'chain', JSON.stringify(chain));
        expect(JSON.parse(set)).toEqual(JSON.parse(JSON.stringify({ ...object, chain })));
      },
    ),
  );
});

it('elements are the texts between the commas', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), indent, (list, blanks) => {
      const text = `{"chain" : ${JSON.stringify(list, undefined, blanks)} }`;
      const elements = elementTexts(text, memberSpan(text, 'chain')!);
      expect(elements.map((element) => JSON.parse(element) as unknown)).toEqual(
        JSON.parse(JSON.stringify(list)),
      );
    }),
  );
});

it('of a member that is there twice the last counts', () => {
  const text = '{"chain":[1],"x":{"chain":[0]},"ch\\u0061in":[2]}';
  const span = memberSpan(text, 'chain')!;
  expect(text.slice(span.start, span.end)).toBe('[2]');
});
