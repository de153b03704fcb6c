/** One event of a Windows event log, whichever way it was written down (Windows: Event schema, EventType). */

export interface WindowsEvent {
  /** `Microsoft-Windows-Hyper-V-Worker`; empty where the record has only the GUID of one that is not known. */
  readonly provider: string;
  readonly eventId: number;
  /** 1 critical, 2 error, 3 warning, 4 information, 5 verbose; 0 always logged; undefined: not told. */
  readonly level: number | undefined;
  readonly time: WrittenTime | undefined;
  /** Number of the event in its channel on its computer. */
  readonly recordId: string | undefined;
  readonly channel: string | undefined;
  readonly computer: string | undefined;
  readonly userSid: string | undefined;
  readonly userName: string | undefined;
  /** Of EventData or UserData, in order; values without a name are `Data0`, `Data1` … */
  readonly data: ReadonlyMap<string, string>;
  /** Text for people, localized: only for shapes that no language changes. */
  readonly message: string | undefined;
}

export interface WrittenTime {
  readonly text: string;
  /** `utc`: what has no offset is UTC; `local`: it is the time of the machine that wrote it. */
  readonly unzoned: 'utc' | 'local';
}

/** Record as read, or why it cannot be. */
export type ReadResult =
  | { readonly events: readonly FoundEvent[] }
  | { readonly code: string; readonly detail: string };

export interface FoundEvent {
  readonly event: WindowsEvent;
  /** The part of a text with several events that holds this one; undefined: the whole text. */
  readonly part?: string;
}

/** Providers that some exporters name by GUID only. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['6066F867-7CA1-4418-85FD-36E3F9C0600C', 'Microsoft-Windows-Hyper-V-VMMS'],
  ['51DDFA29-D5C8-4803-BE4B-2ECB715570FE', 'Microsoft-Windows-Hyper-V-Worker'],
  ['E2816346-87F4-4F85-95C3-0C79409AA89D', 'Microsoft-Windows-VHDMP'],
]);
const GUID = /^\{?([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})\}?$/;
const GUID_INSIDE =
  /(?<![0-9A-Fa-f-])[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f-])/;
const MACHINE_SID = /^S-1-5-83-1-(\d{1,10})-(\d{1,10})-(\d{1,10})-(\d{1,10})$/;
const NOBODY = '00000000-0000-0000-0000-000000000000';

export function providerName(name: string | undefined, guid: string | undefined): string {
  if (name !== undefined && name !== '') return name;
  return PROVIDERS.get(toGuid(guid) ?? '') ?? '';
}

/** Upper case, without braces, as Hyper-V writes the ids of machines; undefined where the text is none. */
export function toGuid(text: string | undefined): string | undefined {
  const found =
    text === undefined || text.length > 40 ? undefined : GUID.exec(text.trim())?.[1]?.toUpperCase();
  return found === NOBODY ? undefined : found;
}

/** The first GUID in a text for people: of its first 4,096 characters. */
export function guidInside(text: string | undefined): string | undefined {
  return text === undefined ? undefined : GUID_INSIDE.exec(text.slice(0, 4096))?.[0]?.toUpperCase();
}

/** The machine whose account an SID is: S-1-5-83-1 and the four little-endian 32-bit words of its GUID. */
export function machineOfSid(sid: string | undefined): string | undefined {
  const words = MACHINE_SID.exec(sid ?? '');
  if (words === null) return undefined;
  const bytes = Buffer.alloc(16);
  for (let index = 0; index < 4; index++) {
    const word = Number(words[index + 1]);
    if (word > 0xffff_ffff) return undefined;
    bytes.writeUInt32LE(word, index * 4);
  }
  const hex = (from: number, to: number): string => bytes.toString('hex', from, to);
  const reversed = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(from, to)).reverse().toString('hex');
  return [reversed(0, 4), reversed(4, 6), reversed(6, 8), hex(8, 10), hex(10, 16)].join('-').toUpperCase();
}

/** `0x80070005`, `%%2147942405`, `-2147024891`, `5`; undefined where the text is no number. */
export function codeNumber(text: string | undefined): number | undefined {
  const trimmed = (text ?? '').trim().replace(/^%%/, '');
  if (/^0x[0-9a-f]{1,16}$/i.test(trimmed) || /^-?\d{1,20}$/.test(trimmed)) return Number(trimmed);
  return undefined;
}
