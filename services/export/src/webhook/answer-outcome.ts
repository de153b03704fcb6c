/** What an answer of a webhook receiver means: Standard Webhooks 1.0.0, "Delivery success and failure". */
import type { SendResult } from '../sinks/sink.ts';
import { retryAfterMs } from './retry-after.ts';
import type { PostResult } from './webhook-client.ts';

export function outcomeOf(result: PostResult, nowMs: number): SendResult {
  if (!result.answered) return { outcome: 'failed', reason: result.reason };
  const { status, text } = result;
  const answer = text === '' ? { status } : { status, text };
  if (status >= 200 && status < 300) return { outcome: 'delivered', answer };
  if (status === 410)
    return {
      outcome: 'ended',
      reason: 'The receiver answered 410 Gone: it wants no more deliveries.',
      answer,
    };
  const pause = retryAfterMs(result.retryAfter, nowMs);
  return {
    outcome: 'failed',
    reason: reasonOf(status, result.location),
    answer,
    ...(pause === undefined ? {} : { retryAfterMs: pause }),
  };
}

/** A reason that was given here, without where the receiver redirects to. */
export function withoutLocation(reason: string): string {
  const at = reason.indexOf(REDIRECTS);
  return at < 0 ? reason : `${reason.slice(0, at)}${REDIRECTS}: ${NOT_FOLLOWED}`;
}

const REDIRECTS = ' and redirects';
const NOT_FOLLOWED = 'redirects are not followed, change the url of the subscription.';

function reasonOf(status: number, location: string | undefined): string {
  if (status >= 300 && status < 400) {
    const where = location === undefined ? '' : ` to ${JSON.stringify(location.slice(0, 200))}`;
    return `The receiver answered ${status}${REDIRECTS}${where}: ${NOT_FOLLOWED}`;
  }
  if (status === 401 || status === 403)
    return `The receiver answered ${status} and takes no deliveries from here: let it check the signature with the secret of the subscription.`;
  if (status === 404 || status === 405)
    return `The receiver answered ${status}: correct the url of the subscription, where deliveries are sent with POST.`;
  if (status === 413)
    return `The receiver answered 413: the batch is too large for it, lower batch.maxBytes or batch.maxEvents.`;
  if (status === 415)
    return `The receiver answered 415: it does not take this content type, choose another format for the subscription.`;
  if (status === 429) return 'The receiver answered 429: it is sent too much.';
  return `The receiver answered ${status}, not 200 to 299.`;
}
