/**
 * From the statement of an analyst to the one that runs. Nothing of what was sent is copied: the statement is read by
 * a grammar that has no other tables than the events, no settings, no output and no function that is not listed, and
 * what was read is printed anew, names and texts quoted. So whatever the engine would make of the text, it runs this.
 *
 * The engine holds the same bounds a second time by its grants: docs/decisions/0010-sql-for-analysts.md.
 */
import { readQuery } from './read-query.ts';
import { createReading, said } from './reading.ts';
import { SqlFault } from './sql-fault.ts';
import { EVENTS_PLACE } from './tables.ts';
import { readTokens } from './tokens.ts';

export interface AnalystStatement {
  /** What the engine runs. */
  readonly sql: string;
  /** Types of the parameters it names. */
  readonly parameters: ReadonlyMap<string, string>;
}

const MAX_CHARS = 32_768;

/** Throws SqlFault, with the place. */
export function readStatement(sql: string): AnalystStatement {
  if (sql.length > MAX_CHARS)
    throw new SqlFault('invalid', `A statement has at most ${MAX_CHARS} characters, not ${sql.length}.`);
  const reading = createReading(sql.toWellFormed(), readTokens(sql.toWellFormed()));
  reading.query = () => readQuery(reading);
  const first = reading.peek();
  if (!(reading.at('SELECT') || reading.at('WITH') || reading.at('(')))
    throw reading.fault(`Only a SELECT is run, not ${said(first)}.`, first, 'refused');
  const query = readQuery(reading);
  const semicolon = reading.take(';');
  const rest = reading.peek();
  if (rest.kind !== 'end')
    throw reading.fault(
      semicolon ? 'Only one statement is run.' : `${said(rest)} cannot stand here.`,
      rest,
      semicolon ? 'refused' : 'invalid',
    );
  const view = reading.readsText ? 'analyst_event_texts' : 'analyst_events';
  return { sql: query.replaceAll(EVENTS_PLACE, view), parameters: reading.parameters };
}
