/** Events that went out as CloudEvents and are sent back in: the same events, byte for byte. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toCloudEvent, toCloudEventBatch } from '../../services/export/src/formats/cloud-event.ts';
import { testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

/** Written unlike JSON.stringify would, and unlike CADF says. */
function oddText(name: string): string {
  const event = testEvent({ name, 'unknown:member': [1.5, null, { deep: '\u2028😀"\\' }] });
  return JSON.stringify(event, null, 2)
    .replace('"activity"', '"\\u0061ctivity"')
    .replace('1.5', '1.50e0')
    .replace('.000000+00:00', '+0000');
}

async function send(body: Buffer | string, contentType: string): Promise<unknown> {
  const answer = await service.fetch('/cadf/v1/events?source=back', {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
  });
  return answer.json();
}

/** The texts of all events of a name, as they are stored. */
async function stored(name: string): Promise<string> {
  const filter = encodeURIComponent(`name = '${name}'`);
  const answer = await service.fetch(`/cadf/v1/events?filter=${filter}&versions=all&order=asc`);
  return answer.text();
}

test.each([
  ['one', 'application/cloudevents+json; charset=utf-8', 1],
  ['several', 'application/cloudevents-batch+json; charset=utf-8', 3],
] as const)('CloudEvents in a request, %s', async (name, contentType, count) => {
  const texts = Array.from({ length: count }, () => oddText(name));
  const carried = texts.map((text, offset) => ({
    partition: 0,
    offset,
    receivedMs: Date.now(),
    source: 'there',
    text: Buffer.from(text),
    event: JSON.parse(text) as unknown,
  }));
  const body = count === 1 ? toCloudEvent(carried[0]!) : toCloudEventBatch(carried);
  expect(await send(body, contentType)).toMatchObject({ accepted: count, rejected: 0 });
  await until(async () => (await stored(name)).split('unknown:member').length === count + 1);
  const answer = await stored(name);
  for (const text of texts) expect(answer).toContain(text);
});
