/** What the engine says of a statement, said to its author. */
import type { EngineFault } from '../engine/store-failure.ts';
import { positionAt, SqlFault } from './sql-fault.ts';
import { readTokens } from './tokens.ts';

const MAX_MESSAGE = 300;
/** Names of the store's own, which a message may hold; then nothing of it is told. */
const INNER =
  /analyst_event|query_cache_tag|getSetting|tenant_set|store_|Not enough privileges|readonly mode/;
/** Where what the engine says of itself begins. */
const ENDS = [
  /(?:: )?\b[Ii]n scope\b/,
  /: [Ww]hile\b/,
  /\. Maybe you meant/,
  /\. Stack trace/,
  /\(version /,
  /\.? \([A-Z_0-9]+\)\.?$/,
  /: In query/,
];

/** The position is where the name stands that the engine speaks of, when it names one. */
export function toSqlFault(error: EngineFault, sql: string): SqlFault {
  const text = messageOf(error.message);
  if (text === '' || INNER.test(text))
    return new SqlFault('invalid', 'The engine cannot compute the statement.', undefined, { cause: error });
  const name = /[`'"]([\w.]{1,128})[`'"]/.exec(text)?.[1];
  return new SqlFault('invalid', text, name === undefined ? undefined : placeOf(name, sql), { cause: error });
}

/** Without the frame around it, and without the parts that repeat the statement as it ran. */
function messageOf(message: string): string {
  let text = message.split('\n', 1)[0] ?? '';
  while (/^Code: \d+\. DB::Exception: /.test(text)) text = text.replace(/^Code: \d+\. DB::Exception: /, '');
  for (const end of ENDS) {
    const at = text.search(end);
    if (at >= 0) text = text.slice(0, at);
  }
  text = text.replaceAll(/\banalyst_(\w)/g, '$1').trim();
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

function placeOf(name: string, sql: string): ReturnType<typeof positionAt> | undefined {
  const last = name.split('.').at(-1)?.toLowerCase();
  const token = readTokens(sql).find(
    ({ kind, value }) => (kind === 'word' || kind === 'name') && value.toLowerCase() === last,
  );
  return token === undefined ? undefined : positionAt(sql, token.offset);
}
