/** Carries batches to a receiver by HTTP: Standard Webhooks 1.0.0. */
import type { WebhookFormat } from '@cadf-pipeline/control-state';
import type { AddressRules, ResolveName } from '@cadf-pipeline/guarded-http';
import { WEBHOOK_FORMATS } from '../formats/webhook-format.ts';
import type { WebhookBodies } from '../formats/webhook-format.ts';
import { outcomeOf } from '../webhook/answer-outcome.ts';
import { signDelivery } from '../webhook/sign-delivery.ts';
import type { DeliveryKeys } from '../webhook/sign-delivery.ts';
import { createWebhookClient } from '../webhook/webhook-client.ts';
import { faultOfWebhookUrl } from '../webhook/webhook-url.ts';
import type { OutgoingBatch, SendResult, Sink } from './sink.ts';

export interface WebhookSinkOptions {
  readonly url: string;
  /** Default `cadf-json`. */
  readonly format?: WebhookFormat;
  /** The newest first; each is used until it expires. */
  readonly keys: readonly DeliveryKeys[];
  readonly rules: AddressRules;
  /** Milliseconds for all of a request; default 15,000. */
  readonly timeoutMs?: number;
  /** Milliseconds since 1970 UTC. */
  readonly now?: () => number;
  /** Certificates (PEM) that are trusted in the place of the system's. */
  readonly ca?: string;
  /** For tests; default: the resolver of the system. */
  readonly resolve?: ResolveName;
}

const TIMEOUT_MS = 15_000;
const USER_AGENT = 'cadf-pipeline-webhooks/1.0';

/** One request: what is sent, and under which `webhook-id`. */
interface Request {
  readonly id: string;
  readonly body: () => Buffer;
  /** The last of a batch says where to go on after it. */
  readonly cursor?: string;
}

/**
 * Opens nothing before the first batch. Of a format with one event per request, the requests of a batch go out one after
 * the other, each with a `webhook-id` of its own (`<batch>-<index>`); an attempt goes on after those that this sink has
 * already seen delivered.
 */
export function createWebhookSink(options: WebhookSinkOptions): Sink {
  const { url, keys, rules, now = Date.now } = options;
  const bodies = WEBHOOK_FORMATS[options.format ?? 'cadf-json'];
  const fault = faultOfWebhookUrl(url, rules);
  if (fault !== undefined) return refusingSink(fault);
  const client = createWebhookClient({
    url: new URL(url),
    rules,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
  });
  let begun: { readonly batch: string; delivered: number } | undefined;

  async function sendOne(request: Request, batch: OutgoingBatch, signal: AbortSignal): Promise<SendResult> {
    const body = request.body();
    const signature = await signDelivery(keys, request.id, now(), body);
    if (signature === undefined)
      return {
        outcome: 'failed',
        reason: 'The subscription has no secret that can be used to sign: rotate its secret.',
      };
    const headers = {
      ...signature,
      'content-type': bodies.contentType,
      'user-agent': USER_AGENT,
      'cadf-subscription': batch.subscription,
      ...(request.cursor === undefined ? {} : { 'cadf-cursor': request.cursor }),
      ...(batch.test ? { 'cadf-test': 'true' } : {}),
    };
    return outcomeOf(await client.post(headers, body, signal), now());
  }

  return {
    async send(batch, _attempt, signal) {
      const requests = requestsOf(batch, bodies);
      const before = begun?.batch === batch.id ? begun.delivered : 0;
      begun = { batch: batch.id, delivered: before };
      let last: SendResult = { outcome: 'delivered' };
      for (const request of requests.slice(before)) {
        last = await sendOne(request, batch, signal);
        if (last.outcome !== 'delivered') return last;
        begun.delivered += 1;
      }
      begun = undefined;
      return last;
    },
    close: () => client.close(),
  };
}

function requestsOf(batch: OutgoingBatch, { together, single }: WebhookBodies): readonly Request[] {
  const { id, events, cursor } = batch;
  if (together !== undefined) return [{ id, body: () => together(events), cursor }];
  return events.map((event, index) => ({
    id: events.length === 1 ? id : `${id}-${index}`,
    body: () => single(event),
    ...(index === events.length - 1 ? { cursor } : {}),
  }));
}

/** The administrator may have forbidden what was allowed when the subscription was made. */
function refusingSink(reason: string): Sink {
  return {
    send: () => Promise.resolve({ outcome: 'failed', reason }),
    close: () => Promise.resolve(),
  };
}
