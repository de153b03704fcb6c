/** Which typed column of the store's `events` table stands for which path (deploy/clickhouse). */
import type { Path } from '../filter.ts';

export interface TextColumn {
  readonly sql: string;
  /** Few different values, kept in a dictionary: what is dear to ask is asked of each value once. */
  readonly dictionary: boolean;
  /** Every row has a value there that is not empty. */
  readonly always?: true;
}

/**
 * Such a column holds the one leaf at the path, as text. '' says that there is none, or, in rows marked odd, that it
 * may be empty text, a list or an object.
 */
const COLUMNS: ReadonlyMap<string, TextColumn> = new Map<string, TextColumn>([
  ['id', { sql: 'id', dictionary: false, always: true }],
  ...plain('severity', 'severity'),
  ...plain('name', 'name'),
  ...plain('requestPath', 'request_path'),
  ...dictionary('eventType', 'event_type'),
  ...dictionary('action', 'action'),
  ...dictionary('outcome', 'outcome'),
  ...dictionary('reason/reasonCode', 'reason_code'),
  ...plain('initiator/id', 'initiator_id'),
  ...dictionary('initiator/typeURI', 'initiator_type'),
  ...dictionary('initiator/name', 'initiator_name'),
  ...dictionary('initiator/project_id', 'initiator_project'),
  ...plain('initiator/domain', 'initiator_domain'),
  ...dictionary('initiator/host/address', 'initiator_address'),
  ...dictionary('initiator/host/agent', 'initiator_agent'),
  ...plain('target/id', 'target_id'),
  ...dictionary('target/typeURI', 'target_type'),
  ...dictionary('target/name', 'target_name'),
  ...plain('target/project_id', 'target_project'),
  ...plain('observer/id', 'observer_id'),
  ...plain('observer/typeURI', 'observer_type'),
  ...plain('observer/name', 'observer_name'),
]);

/** A place that a column stands for holds empty text, a list or an object, or the row is older than the mark. */
export const IS_ODD = 'bitAnd(odd, 1) = 1';

/** Names with a slash in them are not the path they look like. */
export function columnOf(path: Path): TextColumn | undefined {
  return path.some((name) => name.includes('/')) ? undefined : COLUMNS.get(path.join('/'));
}

export function isTags(path: Path): boolean {
  return path.length === 1 && path[0] === 'tags';
}

export function isEventTime(path: Path): boolean {
  return path.length === 1 && path[0] === 'eventTime';
}

function plain(path: string, sql: string): [[string, TextColumn]] {
  return [[path, { sql, dictionary: false }]];
}

function dictionary(path: string, sql: string): [[string, TextColumn]] {
  return [[path, { sql, dictionary: true }]];
}
