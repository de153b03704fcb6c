/** Connections to the stream of live events, as readers of the bench hold them. */
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import type { TestService } from '../support/service.ts';

/** Opens one and calls `came` with each event, parsed; resolves when the answer has begun. Answers how to end it. */
export async function openLiveStream(
  service: Pick<TestService, 'key' | 'url'>,
  filter: string | undefined,
  came: (event: unknown) => void,
): Promise<() => void> {
  const query = filter === undefined ? '' : `?filter=${encodeURIComponent(filter)}`;
  const asked = request(`${service.url}/cadf/v1/events/stream${query}`, {
    agent: false,
    headers: { authorization: `Bearer ${service.key}` },
  });
  asked.end();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve).once('error', reject);
  });
  if (answer.statusCode !== 200) throw new Error(`the stream was answered with ${answer.statusCode}`);
  asked.on('error', () => undefined);
  answer.on('error', () => undefined);
  const parser = createParser({
    onEvent: ({ data, event }) => {
      if (event === 'end') throw new Error(`the service ended the stream: ${data}`);
      came(JSON.parse(data));
    },
  });
  answer.setEncoding('utf8');
  answer.on('data', (part: string) => parser.feed(part));
  return () => void asked.destroy();
}
