import { expect, test } from 'vitest';
import { createNormalizer } from '../../sources/cimi/normalizer.ts';
import { readDocument } from '../../sources/cimi/document.ts';
import { collectionItems } from './collection-items.ts';
import type { CimiText } from './get-document.ts';
import { createItemText } from './item-text.ts';

function textsOf(text: string): readonly string[] {
  const document = readDocument(text);
  if ('code' in document) throw new Error(document.detail);
  const whole: CimiText = { ...document, text };
  const items = collectionItems(whole);
  return items.map(createItemText(whole, items));
}

const LONG = 'x'.repeat(2000);

test('an item of JSON stands alone in its collection, its digits as they were written', () => {
  const text = `{"resourceURI":"http://schemas.dmtf.org/cimi/2/JobCollection","id":"jobs","count":2,
    "description":"${LONG}","operations":[{"rel":"add","href":"jobs"}],
    "jobs":[ {"id":"jobs/1", "state":"RUNNING","returnCode":1.0}, {"id":"jobs/2","state":"SUCCESS","returnCode":12345678901234567890} ]}`;
  const around = '"resourceURI":"http://schemas.dmtf.org/cimi/2/JobCollection","id":"jobs","count":2';
  expect(textsOf(text)).toEqual([
    `{${around},"jobs":[{"id":"jobs/1", "state":"RUNNING","returnCode":1.0}]}`,
    `{${around},"jobs":[{"id":"jobs/2","state":"SUCCESS","returnCode":12345678901234567890}]}`,
  ]);
});

test('an item of XML is its element', () => {
  const text =
    '<c:Collection xmlns:c="http://schemas.dmtf.org/cimi/2" resourceURI="x/JobCollection"><c:jobs><c:Job><c:id>jobs/1</c:id></c:Job><c:Job><c:id>jobs/2</c:id></c:Job></c:jobs></c:Collection>';
  expect(textsOf(text)).toEqual(['<c:Job><c:id>jobs/1</c:id></c:Job>', '<c:Job><c:id>jobs/2</c:id></c:Job>']);
});

test.each([
  '{"resource-type":"job-collection","resources":[{"id":"job/1","state":"RUNNING","action":"start"},{"id":"job/2","state":"FAILED","action":"stop"}]}',
  '{"resourceURI":"x/JobCollection","jobs":{"job":[{"id":"job/1","state":"RUNNING"},{"id":"job/2","state":"FAILED"}]}}',
  '{"resourceURI":"x/JobCollection","entries":{"id":"job/1","state":"RUNNING"}}',
])('each item alone makes the events that it makes among the others: %s', (text) => {
  const eventsOf = (one: string): unknown[] =>
    createNormalizer({ sourceName: 'c' })
      .push({ text: one, receivedMs: 1_700_000_000_000 })
      .map((outcome) => outcome.kind === 'event' && [outcome.rule, outcome.event.id, outcome.event.outcome]);
  expect(textsOf(text).flatMap(eventsOf)).toEqual(eventsOf(text));
});
