import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEventXml } from './event-xml.ts';
import { readPlainEventXml } from './plain-event-xml.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const events = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.input.log'))
  .flatMap((file) => readFileSync(join(FIXTURES, file), 'utf8').split('\n'))
  .filter((line) => line.includes('<Event') && line.endsWith('</Event>'))
  .map((line) => line.slice(line.indexOf('<Event')));

/** What the scanner reads, the parser reads the same way. */
function expectSame(text: string): boolean {
  const event = readPlainEventXml(text);
  if (event === undefined) return false;
  expect(parseEventXml(text)).toEqual({ events: [{ event }] });
  return true;
}

test('events as Windows writes them need no parser, and are read as by the parser', () => {
  const plain = events.filter((text) => expectSame(text));
  expect(plain.length).toBeGreaterThan(events.length * 0.8);
});

test.each([
  ['line breaks between elements', '<Event>\n  <System>\n <EventID>1</EventID>\n</System>\n</Event>\n'],
  ['references', '<Event><UserData><X a="&lt;"><VmName>a &amp; b</VmName></X></UserData></Event>'],
  [
    'values without names',
    '<Event><EventData><Data>a</Data><Data/><Data Name="b">c</Data></EventData></Event>',
  ],
  ['a message', "<Event><RenderingInfo Culture='en-US'><Message> x </Message></RenderingInfo></Event>"],
  [
    'elements of systems to come',
    '<Event><System><New A="b"/><Level>4</Level></System><Later><A/></Later></Event>',
  ],
])('%s are plain', (_, text) => {
  expect(expectSame(text)).toBe(true);
});

test.each([
  ['a document type', '<!DOCTYPE x><Event></Event>'],
  ['a comment', '<Event><!-- a --></Event>'],
  ['CDATA', '<Event><EventData><Data><![CDATA[a]]></Data></EventData></Event>'],
  ['another reference', '<Event><EventData><Data>&x;</Data></EventData></Event>'],
  ['a prefix', '<Event><e:System/></Event>'],
  ['several events', '<Event></Event><Event></Event>'],
  ['a tag that is not closed', '<Event><System></Event>'],
  ['an attribute told twice', '<Event a="1" a="2"></Event>'],
  ['an attribute without quotes', '<Event a=1></Event>'],
  ['a control character', '<Event>\u0001</Event>'],
  ['text behind', '<Event></Event>x'],
  [
    'a second System',
    `${(events[0] ?? '').replace('</System>', '</System><System><Level>1</Level></System>')}`,
  ],
])('%s is left to the parser', (_, text) => {
  expect(readPlainEventXml(text)).toBeUndefined();
});

test('whatever is done to an event, scanner and parser do not differ', () => {
  const pieces = `< > / " ' = & &amp; ]]> <a> </a> <a/> <! : é 😀 <System> </System> <Level>2</Level> Name='x' <Data>1</Data> </Event> <Event>`;
  const piece = fc.constantFrom(' ', '\n', '\t', '\u0000', ' Name="x"', ...pieces.split(' '));
  fc.assert(
    fc.property(
      fc.constantFrom(...events),
      fc.array(fc.tuple(fc.nat({ max: 4000 }), fc.nat({ max: 12 }), piece), { minLength: 1, maxLength: 3 }),
      (event, edits) => {
        let text = event;
        for (const [at, cut, put] of edits) {
          const from = at % (text.length + 1);
          text = text.slice(0, from) + put + text.slice(from + cut);
        }
        expectSame(text);
      },
    ),
    { numRuns: Number(process.env['CADF_FUZZ_RUNS'] ?? 300) },
  );
});
