/** What a batch is bound to, as short texts: where these are others, it would be another batch. */
import { hash } from 'node:crypto';
import type { Subscription } from '@cadf-pipeline/control-state';
import type { Scope } from '@cadf-pipeline/event-store';

/** Of what decides which events a batch holds, rights included: under another digest it would hold others. */
export function digestOfQuestion(question: string, { tenants }: Scope): string {
  return digest([question, tenants]);
}

/** Of where a subscription is carried to: what a mark says is true of that place only. */
export function digestOfTarget({ sink }: Pick<Subscription, 'sink'>): string {
  const address =
    sink.type === 'webhook'
      ? [sink.url]
      : sink.type === 'kafka'
        ? [sink.topic, ...(sink.brokers ?? [])]
        : [sink.host, sink.port];
  return digest([sink.type, ...address]);
}

function digest(value: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, 16);
}
