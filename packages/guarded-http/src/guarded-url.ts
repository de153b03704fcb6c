/** A URL as it is entered, that something is to be sent to or read from. */
import { howToAllow, refusalOfHost } from './address-rules.ts';
import type { AddressRules } from './address-rules.ts';

export interface UrlWords {
  /** A URL as it should be: `https://receiver.example/hook`. */
  readonly example: string;
  /** What proves the one who asks, in the place of a user and a password in the URL. */
  readonly proof: string;
}

/** What is wrong with it, as a sentence; undefined where it can be asked, as far as can be told without a lookup. */
export function faultOfUrl(text: string, rules: AddressRules, words: UrlWords): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return `The url is none: give it whole, such as ${words.example}.`;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'The url has to begin with https://.';
  if (url.username !== '' || url.password !== '')
    return `The url may not hold a user or a password: ${words.proof}.`;
  if (url.hash !== '' || text.includes('#')) return 'The url may not have a fragment: it is never sent.';
  if (url.port === '0') return 'The url names port 0, where nothing can listen.';
  if (url.protocol === 'http:' && !rules.allowPrivate)
    return `The url has to begin with https://: what is sent by http can be read on its way; ${howToAllow(rules)}.`;
  const refusal = refusalOfHost(url.hostname, rules);
  return refusal === undefined ? undefined : `The host of the url is refused: ${refusal}`;
}
