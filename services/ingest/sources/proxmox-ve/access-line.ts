/** A line of pveproxy's access.log (PVE::APIServer::AnyEvent, `log_request`): like Apache's, with a numeric month. */
import { clientAddress } from './address.ts';
import { readLogTime } from './log-time.ts';

export interface AccessLine {
  readonly address: string | undefined;
  /** Undefined where it is `-`: not logged in. */
  readonly user: string | undefined;
  readonly epochMs: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  /** Of the answer's body; undefined where it is `-`. */
  readonly bytes: number | undefined;
}

const LINE =
  /^(\S{1,80}) - (\S{1,300}) \[(\d\d\/[A-Za-z0-9]{2,3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "([A-Z]{1,16}) (\S{1,4000})(?: HTTP\/[0-9.]{1,4})?" (\d{3}) (\d{1,12}|-)(?:\s.{0,1000})?$/;

/** Undefined for a line that is not one. */
export function parseAccessLine(line: string): AccessLine | undefined {
  const found = line.length > 6000 ? null : LINE.exec(line);
  if (found === null) return undefined;
  const [, address = '', user = '', written = '', method = '', path = '', status, bytes] = found;
  const epochMs = readLogTime(written);
  if (epochMs === undefined) return undefined;
  return {
    address: clientAddress(address),
    user: user === '-' ? undefined : decoded(user),
    epochMs,
    method,
    path,
    status: Number(status),
    bytes: bytes === '-' ? undefined : Number(bytes),
  };
}

/** Whether a line begins as one of an access log does: `ADDRESS - USER [DD/MM/YYYY:`; shippers may write
 * the month as a word. */
export function looksLikeAccess(start: string): boolean {
  return /^[0-9A-Fa-f.:[\]-]{1,72} - \S{1,300} \[\d\d\/(?:\d\d|[A-Z][a-z]{2})\/\d{4}:\d\d:/.test(start);
}

function decoded(user: string): string {
  if (!user.includes('%')) return user;
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}
