/** The text of an audit line: `EVENT_ID: NAME(CODE), MESSAGE`, and what older engines write around the message. */

export interface AuditText {
  /** Undefined in engines before 3.5, which wrote no EVENT_ID. */
  readonly name: string | undefined;
  /** Digits only: the engine writes them with the separators of its locale (`9,000`, `10.120`). */
  readonly code: string | undefined;
  readonly message: string;
  readonly correlation: string | undefined;
  readonly job: string | undefined;
}

/** Separators of thousands: comma, dot, blank, no-break blanks, apostrophe. */
const EVENT_ID = /^EVENT_ID: ([A-Z][A-Za-z0-9_]{0,200})\((\d[\d.,'’  \u202f]{0,20})\), ?/;
const FIELDS = /^(?:Correlation ID: |Job ID: |Call Stack: |Custom ID: |Custom Event ID: |Message: )/;
const MESSAGE = 'Message: ';

export type AuditTextResult = AuditText | 'broken' | 'unfinished';

/** `unfinished`: a call stack goes on in the next lines, the message is behind it. */
export function parseAuditText(text: string): AuditTextResult {
  const head = EVENT_ID.exec(text.slice(0, 300));
  if (head === null && text.startsWith('EVENT_ID:')) return 'broken';
  const rest = head === null ? text : text.slice(head[0].length);
  const named = { name: head?.[1], code: head?.[2]?.replaceAll(/\D/g, '') };
  if (!FIELDS.test(rest)) {
    // Without both there is nothing that says what happened.
    return head === null ? 'broken' : { ...named, message: rest, correlation: undefined, job: undefined };
  }
  const at = rest.startsWith(MESSAGE) ? 0 : rest.indexOf(`, ${MESSAGE}`);
  if (at < 0) return rest.includes('Call Stack: ') ? 'unfinished' : 'broken';
  const fields = rest.slice(0, Math.min(at, 2000));
  return {
    ...named,
    message: rest.slice(at + MESSAGE.length + (at === 0 ? 0 : 2)),
    correlation: fieldOf(fields, 'Correlation ID'),
    job: fieldOf(fields, 'Job ID'),
  };
}

function fieldOf(fields: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|, )${name}: ([^,\\s]{1,200})`).exec(fields)?.[1];
  return value === 'null' ? undefined : value;
}
