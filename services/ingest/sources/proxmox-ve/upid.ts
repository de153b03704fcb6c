/**
 * The name Proxmox gives a task: `UPID:NODE:PID:PSTART:START:TYPE:ID:USER:`. The backup server has one field more, a
 * task number before START. Source: PVE::UPID of pve-common; proxmox-schema, upid.rs.
 */

export interface Upid {
  /** As written, with its last colon: the key of the task. */
  readonly text: string;
  readonly node: string;
  /** When the task began, milliseconds since 1970 UTC; seconds are what it holds. */
  readonly startMs: number;
  /** `qmstart` … */
  readonly type: string;
  /** A guest's number, a service, a storage; empty where the task is about the node. Escapes are taken off. */
  readonly id: string;
  /** `name@realm`, or `name@realm!token`. */
  readonly user: string;
}

/** Longer than any that is written: the parts of a path and a user are bounded. */
const MAX_LENGTH = 512;
const HEAD =
  /^UPID:([a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,254})):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):(?:([0-9A-Fa-f]{8}):)?([^:\s/]{1,128}):/;

/** The UPID at the beginning of a text, up to the next blank or its end; undefined where there is no whole one. */
export function readUpid(text: string): Upid | undefined {
  const start = text.slice(0, MAX_LENGTH);
  const blank = start.search(/\s/);
  const written = blank < 0 ? start : start.slice(0, blank);
  const head = HEAD.exec(written);
  if (head === null || !written.endsWith(':')) return undefined;
  const [whole, node = '', , , third = '', fourth, type = ''] = head;
  // The id may hold colons, so the user is what stands between the last two.
  const rest = written.slice(whole.length, -1);
  const colon = rest.lastIndexOf(':');
  const user = rest.slice(colon + 1);
  if (colon < 0 || !/^[^:\s/]{1,255}$/.test(user)) return undefined;
  return {
    text: written,
    node,
    startMs: Number.parseInt(fourth ?? third, 16) * 1000,
    type,
    id: unescapeId(rest.slice(0, colon)),
    user,
  };
}

/** `\x3a` stands for a colon, as in names of systemd units. */
function unescapeId(id: string): string {
  if (!id.includes('\\x')) return id;
  return id.replaceAll(/\\x([0-9a-fA-F]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
