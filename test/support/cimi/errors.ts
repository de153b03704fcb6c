/** What servers answer a failed request with, where it is not a job as the standard has it. */
import type { Dialect } from './dialect.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly message: string;
  readonly format: 'json' | 'xml';
}

export function writeError(
  kind: Dialect['errors'],
  { status, message }: ErrorAnswer,
): { readonly type: string; readonly body: string } | undefined {
  if (kind === 'text') return { type: 'text/html', body: message };
  if (kind === 'members')
    return { type: 'application/json', body: JSON.stringify({ status, message, 'resource-id': 'none' }) };
  if (kind === 'element')
    return {
      type: 'application/xml',
      body: `<error status="${status}"><backend driver="mock" provider="default"/><code>${status}</code><message>${message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</message></error>`,
    };
  return undefined;
}
