/** What an event says about machines, disks and networks, under the names and places its versions use. */
import { guidInside, machineOfSid, toGuid } from './windows-event.ts';
import type { WindowsEvent } from './windows-event.ts';

export interface MachineFacts {
  /** GUID, upper case, without braces. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** The machine whose account wrote the record, by its SID. */
  readonly account: string | undefined;
}

/** Values of older events and of flattened exports have numbers for names. */
const NUMBERED = /^(?:Parameter|Data|param)\d{1,3}$/i;

export function machineFacts({ data, message, userSid, userName }: WindowsEvent): MachineFacts {
  const numbered = [...data].filter(([key]) => NUMBERED.test(key)).map(([, value]) => value);
  const named = toGuid(value(data, ['VmId', 'VMId', 'VirtualMachineId', 'SystemId']));
  const id = named ?? numbered.map(toGuid).find((guid) => guid !== undefined) ?? guidInside(message);
  const written = value(data, ['VmName', 'VMName', 'VirtualMachineName']);
  const [first] = numbered;
  // Where the id has a name, values without one are something else.
  const isNamed =
    named === undefined &&
    id !== undefined &&
    first !== undefined &&
    first !== '' &&
    toGuid(first) === undefined;
  const name = written ?? (isNamed ? first : undefined) ?? (id === undefined ? undefined : quoted(message));
  return { id, name, account: machineOfSid(userSid) ?? accountMachine(userName) };
}

/** Path of the disk file. */
export function diskFile({ eventId, data }: WindowsEvent): string | undefined {
  const bare = data.get([5, 6, 11, 12, 13, 50, 51].includes(eventId) ? 'Data1' : 'Data0');
  return value(data, ['VhdFileName', 'VhdFile', 'FileName']) ?? (bare === '' ? undefined : bare);
}

const DEVICE_PREFIX = '\\\\?\\';
const DEVICE_SHARE_PREFIX = '\\\\?\\UNC\\';

/** The path of the disk file without the prefix for long paths, which some events of an operation have and others not. */
export function diskPath(event: WindowsEvent): string | undefined {
  const file = diskFile(event);
  if (file === undefined || !file.startsWith(DEVICE_PREFIX)) return file;
  return file.startsWith(DEVICE_SHARE_PREFIX)
    ? `\\\\${file.slice(DEVICE_SHARE_PREFIX.length)}`
    : file.slice(DEVICE_PREFIX.length);
}

export interface NetworkFacts {
  readonly id: string | undefined;
  readonly name: string | undefined;
}

export function networkFacts({ data }: WindowsEvent): NetworkFacts {
  const numbered = [...data].filter(([key]) => NUMBERED.test(key)).map(([, text]) => text);
  const id = value(data, ['SwitchName', 'SwitchGuid', 'SwitchId', 'NicName']);
  return {
    id: toGuid(id) ?? id ?? numbered.map(toGuid).find((guid) => guid !== undefined) ?? numbered[0],
    name: value(data, ['SwitchFName', 'SwitchFriendlyName', 'NicFName', 'SwitchName']) ?? numbered.at(-1),
  };
}

function value(data: ReadonlyMap<string, string>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = data.get(name);
    if (found !== undefined && found !== '') return found;
  }
  return undefined;
}

/** Names stand in quotes in every language. */
function quoted(message: string | undefined): string | undefined {
  return /['‘„"«]([^'’“"»\n]{1,256})['’“"»]/.exec((message ?? '').slice(0, 2048))?.[1];
}

/** `NT VIRTUAL MACHINE\<GUID>`: the account of a machine by name. */
function accountMachine(userName: string | undefined): string | undefined {
  return userName === undefined ? undefined : toGuid(userName.slice(userName.lastIndexOf('\\') + 1));
}
