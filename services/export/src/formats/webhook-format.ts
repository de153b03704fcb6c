/** The forms a batch is sent in, and how many requests it takes. */
import type { WebhookFormat } from '@cadf-pipeline/control-state';
import type { TailEvent } from '@cadf-pipeline/event-tail';
import { toCloudEvent, toCloudEventBatch } from './cloud-event.ts';
import { toJsonArray, toNdjson } from './event-texts.ts';

export interface WebhookBodies {
  readonly contentType: string;
  /** All events in one body; undefined where each event has its own. */
  readonly together?: (events: readonly TailEvent[]) => Buffer;
  /** The body of one event. */
  readonly single: (event: TailEvent) => Buffer;
}

/** `cadf-json` is the default of a subscription. */
export const WEBHOOK_FORMATS: Readonly<Record<WebhookFormat, WebhookBodies>> = {
  'cadf-json': together('application/json', toJsonArray),
  'cadf-ndjson': together('application/x-ndjson', toNdjson),
  cloudevents: { contentType: 'application/cloudevents+json; charset=utf-8', single: toCloudEvent },
  'cloudevents-batch': together('application/cloudevents-batch+json; charset=utf-8', toCloudEventBatch),
};

function together(contentType: string, write: (events: readonly TailEvent[]) => Buffer): WebhookBodies {
  return { contentType, together: write, single: (event) => write([event]) };
}
