/** The `Prefer` header: RFC 7240 §4.1 `respond-async`, §4.3 `wait`. What it does not know it passes over. */

export interface Preference {
  /** After so long the answer is to be where the caller can ask for it. 0: at once. */
  readonly waitMs: number;
  /** What is honoured, for `Preference-Applied`. */
  readonly applied: string;
}

const MAX_WAIT_SECONDS = 60;

/** Undefined: the caller waits for the answer. */
export function readPreference(header: string | readonly string[] | undefined): Preference | undefined {
  if (header === undefined) return undefined;
  const text = typeof header === 'string' ? header : header.join(',');
  const preferences = text
    .toLowerCase()
    .split(',', 32)
    .map((part) => part.split(';', 1)[0]?.trim() ?? '');
  const wait = preferences.map((one) => /^wait\s{0,8}=\s{0,8}"?(\d{1,6})"?$/.exec(one)?.[1]).find(Boolean);
  if (wait !== undefined) {
    const seconds = Math.min(Number(wait), MAX_WAIT_SECONDS);
    return { waitMs: seconds * 1000, applied: `wait=${seconds}` };
  }
  return preferences.includes('respond-async') ? { waitMs: 0, applied: 'respond-async' } : undefined;
}
