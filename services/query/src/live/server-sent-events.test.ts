import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameworkErrors } from '@cadf-pipeline/service-kit';
import { endText, eventText, HEARTBEAT, openingText, placeText } from './server-sent-events.ts';

/** What a parser of event streams makes of a text that arrives in pieces. */
function parsed(text: string, pieces = 1): { events: unknown[]; ids: string[]; retry: number[] } {
  const events: unknown[] = [];
  const ids: string[] = [];
  const retry: number[] = [];
  const parser = createParser({
    onEvent: (event) => void events.push(event),
    onId: (id) => void ids.push(id),
    onRetry: (ms) => void retry.push(ms),
    onError: (error) => {
      throw error;
    },
  });
  const size = Math.ceil(text.length / pieces);
  for (let at = 0; at < text.length; at += size) parser.feed(text.slice(at, at + size));
  return { events, ids, retry };
}

test('an answer begins with how soon to connect again and where it begins, and gives no event by that', () => {
  expect(parsed(openingText('c-1'))).toEqual({ events: [], ids: ['c-1'], retry: [3000] });
});

test('a heartbeat is no event and moves nothing; a place moves the id and is no event either', () => {
  expect(parsed(HEARTBEAT + placeText('c-2'))).toEqual({ events: [], ids: ['c-2'], retry: [] });
});

test('a text with line breaks of any kind arrives as one event', () => {
  const { events } = parsed(eventText('c-3', '{\r\n "a": 1,\r "b":\n\n2}'));
  expect(events).toEqual([{ id: 'c-3', event: undefined, data: '{\n "a": 1,\n "b":\n\n2}' }]);
});

test('the last message says why nothing follows', () => {
  const { events } = parsed(endText('c-4', frameworkErrors.SHUTTING_DOWN));
  expect(events).toEqual([
    {
      id: 'c-4',
      event: 'end',
      data: '{"code":"SHUTTING_DOWN","detail":"This server is stopping","retryable":true}',
    },
  ]);
});

test('any JSON, however it is written and cut into pieces, arrives as what it was', () => {
  const asked = fc.array(fc.tuple(fc.json(), fc.constantFrom(0, 2, '\t')), { maxLength: 5 });
  fc.assert(
    fc.property(asked, fc.integer({ min: 1, max: 50 }), (texts, pieces) => {
      const written = texts.map(([json, indent]) => JSON.stringify(JSON.parse(json), undefined, indent));
      const sent = written.map((text, index) => eventText(`c-${index}`, text)).join(HEARTBEAT);
      const { events } = parsed(sent, pieces);
      expect(events).toEqual(written.map((data, index) => ({ id: `c-${index}`, event: undefined, data })));
    }),
  );
});
