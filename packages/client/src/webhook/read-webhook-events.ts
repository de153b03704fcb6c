/** The events of a webhook, in whichever form its subscription asked for. */
import { ClientError, clientCodes } from '../client-error.ts';
import type { CadfEvent } from '../query/query-events.ts';

/** By Content-Type. Throws ClientError CLIENT_WEBHOOK_INVALID for another type, and for a body that is not of its type. */
export function readWebhookEvents(contentType: string, text: string): readonly CadfEvent[] {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  const found = itemsOf(type, text);
  if (found === undefined) throw unreadable(`${type === '' ? 'no Content-Type' : type} is no form of events`);
  return found.map((item) => {
    const event = type.startsWith('application/cloudevents') ? dataOf(item) : item;
    if (!isObject(event)) throw unreadable('it holds something that is no event');
    return event;
  });
}

function itemsOf(type: string, text: string): readonly unknown[] | undefined {
  if (type === 'application/x-ndjson') return text.split('\n').filter(Boolean).map(parse);
  if (type === 'application/cloudevents+json') return [parse(text)];
  if (type !== 'application/json' && type !== 'application/cloudevents-batch+json') return undefined;
  const items = parse(text);
  if (!Array.isArray(items)) throw unreadable('the body is no list');
  return items as readonly unknown[];
}

function dataOf(cloudEvent: unknown): unknown {
  return isObject(cloudEvent) ? cloudEvent['data'] : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadable('the body is not JSON', error);
  }
}

function isObject(value: unknown): value is CadfEvent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(why: string, cause?: unknown): ClientError {
  return new ClientError(
    clientCodes.CLIENT_WEBHOOK_INVALID,
    `The webhook is signed well and cannot be read: ${why}.`,
    { cause },
  );
}
