/** The URL of a webhook, as it is entered. */
import { faultOfUrl } from '@cadf-pipeline/guarded-http';
import type { AddressRules } from '@cadf-pipeline/guarded-http';

const WORDS = {
  example: 'https://receiver.example/hook',
  proof: 'deliveries are proved by their signature',
};

/** What is wrong with it, as a sentence; undefined where it can be sent to, as far as can be told without a lookup. */
export function faultOfWebhookUrl(text: string, rules: AddressRules): string | undefined {
  return faultOfUrl(text, rules, WORDS);
}
