import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawRecord } from '../source.ts';
import { frameBody } from './frame-body.ts';

function frame(body: string): RawRecord[] {
  return [
    ...frameBody(Buffer.from(body), {
      framings: ['xml'],
      receivedMs: 1,
      maxRecordBytes: 1 << 20,
      maxDepth: 8,
    }),
  ];
}
const texts = (body: string): string[] => frame(body).map(({ text }) => text);
const ends = (body: string): unknown[] => frame(body).map(({ text, fault }) => [text, fault?.code]);

const EVENT = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name="a>b"/></System><!-- </Event> --><D><![CDATA[</Event><Event>]]></D></Event>`;

test('events one after the other, with or without a root, are records', () => {
  const expected = [EVENT, '<Event/>', EVENT];
  expect(texts(`${EVENT}\r\n<Event/>${EVENT}`)).toEqual(expected);
  expect(texts(`<?xml version="1.0"?>\n<Events>\n${expected.join('\n')}\n</Events>\n`)).toEqual(expected);
  expect(frame(`<Events>${EVENT}<Event/></Events>`).map(({ position }) => position)).toEqual([
    'element 1',
    'element 2',
  ]);
});

test('another document is one record, and an empty list has none', () => {
  const body = '<?xml version="1.0"?><CIM><MESSAGE ID="1"><Event/></MESSAGE></CIM>';
  expect(frame(body)).toMatchObject([{ text: body.slice(21), position: 'document' }]);
  expect(texts('<Events>\n</Events>')).toEqual([]);
});

test('a damaged event costs no other one', () => {
  expect(texts('<Event><A></Event><Event>2</Event>')).toEqual(['<Event><A></Event>', '<Event>2</Event>']);
  expect(texts('<Event><A><B></A></Event>\n<Event>2</Event>')).toEqual([
    '<Event><A><B></A></Event>',
    '<Event>2</Event>',
  ]);
  expect(texts('<Event><A>\n<Event>2</Event><Event><A at="')).toEqual([
    '<Event><A>',
    '<Event>2</Event>',
    '<Event><A at="',
  ]);
});

test('document types are refused, with all behind them', () => {
  const body = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>';
  expect(ends(body)).toEqual([[body, 'RECORD_XML_DOCTYPE']]);
  expect(ends(`<Event/><Event><!DOCTYPE a></Event>`)).toEqual([
    ['<Event/>', undefined],
    ['<Event><!DOCTYPE a></Event>', 'RECORD_XML_DOCTYPE'],
  ]);
});

test('what is nested too deep, and what is no element, is told', () => {
  const deep = `<Event>${'<a>'.repeat(8)}${'</a>'.repeat(8)}</Event>`;
  expect(ends(`${deep}<Event/> text </b>`)).toEqual([
    [deep, 'RECORD_TOO_DEEP'],
    ['<Event/>', undefined],
    ['text', 'RECORD_NOT_XML'],
    ['</b>', 'RECORD_NOT_XML'],
  ]);
});

test('random text is cut into pieces one behind the other, and nothing but blanks and roots is left out', () => {
  const piece = fc.constantFrom(
    '<Event>',
    '</Event>',
    '<a>',
    '</a>',
    '<b/>',
    ' ',
    '\n',
    'x',
    '<Events>',
    '</Events>',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
      (body) => {
        let at = 0;
        for (const text of texts(body)) {
          const found = body.indexOf(text, at);
          expect(found).toBeGreaterThanOrEqual(at);
          expect(body.slice(at, found)).toMatch(/^(?:\s|<\/?Events>)*$/);
          at = found + text.length;
        }
        expect(body.slice(at)).toMatch(/^(?:\s|<\/?Events>)*$/);
      },
    ),
    { numRuns: 1000 },
  );
});
