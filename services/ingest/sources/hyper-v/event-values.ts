/** What is gathered of one event while its XML is read, element by element; the same for both readers of XML. */
import { toNumber } from './system-part.ts';
import { providerName } from './windows-event.ts';
import type { WindowsEvent } from './windows-event.ts';

const MAX_VALUES = 512;

/** Elements of `System` that are asked for. */
const SYSTEM = new Set(['EventID', 'Level', 'EventRecordID', 'Channel', 'Computer']);

export interface EventValues {
  /** Of `System`: element (`Channel`), or element and attribute (`TimeCreated.SystemTime`). */
  readonly system: Map<string, string>;
  readonly data: Map<string, string>;
  /** Values without a name so far. */
  unnamed: number;
  message: string | undefined;
}

export function newEventValues(): EventValues {
  return { system: new Map(), data: new Map(), unnamed: 0, message: undefined };
}

/** Where an attribute in `System` is kept; undefined: it is not asked for. */
export function systemAttribute(element: string, attribute: string): string | undefined {
  switch (attribute) {
    case 'Name':
      return element === 'Provider' ? 'Provider.Name' : undefined;
    case 'Guid':
      return element === 'Provider' ? 'Provider.Guid' : undefined;
    case 'SystemTime':
      return element === 'TimeCreated' ? 'TimeCreated.SystemTime' : undefined;
    case 'UserID':
      return element === 'Security' ? 'Security.UserID' : undefined;
    default:
      return undefined;
  }
}

/** An element without children. `section`: the child of `Event` it is in; `name`: its attribute `Name`. */
export function takeValue(
  values: EventValues,
  section: string | undefined,
  element: string,
  name: string | undefined,
  value: string,
): void {
  if (section === 'System') {
    if (SYSTEM.has(element)) values.system.set(element, value);
  } else if (section === 'RenderingInfo') {
    if (element === 'Message') values.message = value;
  } else if (section === 'EventData' || section === 'UserData' || section === 'ProcessingErrorData') {
    if (values.data.size >= MAX_VALUES) return;
    const key = element === 'Data' ? (name ?? `Data${values.unnamed++}`) : element;
    if (!values.data.has(key)) values.data.set(key, value);
  }
}

export function toWindowsEvent({ system, data, message }: EventValues): WindowsEvent {
  const time = system.get('TimeCreated.SystemTime');
  return {
    provider: providerName(system.get('Provider.Name'), system.get('Provider.Guid')),
    eventId: toNumber(system.get('EventID')) ?? Number.NaN,
    level: toNumber(system.get('Level')),
    time: time === undefined ? undefined : { text: time, unzoned: 'utc' },
    recordId: system.get('EventRecordID'),
    channel: system.get('Channel'),
    computer: system.get('Computer'),
    userSid: system.get('Security.UserID'),
    userName: undefined,
    data,
    message,
  };
}
