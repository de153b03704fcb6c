/** The URL of a webhook, as it is entered. */
import { refusalOfHost } from './address-rules.ts';
import type { AddressRules } from './address-rules.ts';

/** What is wrong with it, as a sentence; undefined where it can be sent to, as far as can be told without a lookup. */
export function faultOfWebhookUrl(text: string, rules: AddressRules): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return 'The url is none: give it whole, such as https://receiver.example/hook.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'The url has to begin with https://.';
  if (url.username !== '' || url.password !== '')
    return 'The url may not hold a user or a password: deliveries are proved by their signature.';
  if (url.hash !== '' || text.includes('#')) return 'The url may not have a fragment: it is never sent.';
  if (url.port === '0') return 'The url names port 0, where nothing can listen.';
  if (url.protocol === 'http:' && !rules.allowPrivate)
    return 'The url has to begin with https://: what is sent by http can be read on its way. An administrator can allow it with CADF_WEBHOOK_ALLOW_PRIVATE=true.';
  const refusal = refusalOfHost(url.hostname, rules);
  return refusal === undefined ? undefined : `The host of the url is refused: ${refusal}`;
}
