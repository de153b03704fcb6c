/** What a feed does not say. */
export const FEED_DEFAULTS = {
  format: 'cadf-ndjson',
  compression: 'gzip',
  cadenceSeconds: 60,
  retentionDays: 30,
} as const;

/** Under which its key of redaction is sealed. */
export function redactionContext(chain: string): string {
  return `feed redaction ${chain}`;
}
