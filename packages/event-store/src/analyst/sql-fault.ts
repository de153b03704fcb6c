/** Why a statement of an analyst is not run, or did not end. */

/**
 * `invalid`: it is no statement, or none that can be computed; `refused`: it asks for what is not offered; `off`: this
 * store has no reader for analysts.
 */
export type SqlFaultKind = 'invalid' | 'refused' | 'off';

/** Where in the statement as it was sent: UTF-16 units from 0, line and column from 1. */
export interface SqlPosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** `message` is written for the caller: it says nothing of events the caller may not see. */
export class SqlFault extends Error {
  readonly kind: SqlFaultKind;
  readonly position: SqlPosition | undefined;
  constructor(kind: SqlFaultKind, message: string, position?: SqlPosition, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SqlFault';
    this.kind = kind;
    this.position = position;
  }
}

export function positionAt(sql: string, offset: number): SqlPosition {
  const before = sql.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { offset, line: before.split('\n').length, column: offset - lineStart + 1 };
}
