/**
 * CADF events in the Common Event Format (ArcSight "Implementing CEF", version 0 of the format), which SIEMs read. The
 * mapping is a choice: CEF has no members for most of what CADF says. What has no member stands in the custom strings,
 * each with its label. Values longer than the dictionary of CEF allows are cut, except ids.
 */
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import type { EventToWrite } from './event-format.ts';
import {
  cut,
  isAccount,
  membersOf,
  messageOf,
  reasonOf,
  roleOf,
  textOf,
  timeOf,
  withoutControls,
} from './event-parts.ts';
import { hostOf } from './host-of.ts';
import { severityOf } from './severity-of.ts';

export type CefEvent = Omit<EventToWrite, 'text'>;

const VENDOR = 'cadf-pipeline';
const PRODUCT = 'CADF';
/** Of DSP0262. */
const VERSION = '1.0';
/** Characters: most of what the dictionary allows, custom strings and the name of an event. */
const MAX_TEXT = 1023;
const MAX_CUSTOM = 4000;
const MAX_NAME = 512;
const MAX_SHORT = 63;

/** One line, no line break in it or at its end. */
export function cefLine(given: CefEvent): string {
  const event: Members = isMembers(given.event) ? given.event : {};
  const action = textOf(event, 'action') ?? 'unknown';
  const target = roleOf(event, 'target');
  const targetType = textOf(target, 'typeURI');
  const name = textOf(event, 'name') ?? (targetType === undefined ? action : `${action} ${targetType}`);
  const header = [VENDOR, PRODUCT, VERSION, cut(action, MAX_TEXT), cut(name, MAX_NAME), severityOf(event)];
  return `CEF:0|${header.map(escapeHeader).join('|')}|${extension(given, event, target)}`;
}

function extension(given: CefEvent, event: Members, target: Members): string {
  const initiator = roleOf(event, 'initiator');
  const observer = roleOf(event, 'observer');
  const from = hostOf(initiator);
  const to = hostOf(target);
  const by = hostOf(observer);
  const targetId = textOf(target, 'id');
  const targetName = textOf(target, 'name');
  const targetType = textOf(target, 'typeURI');
  const isUser = targetType !== undefined && isAccount(targetType);
  const written = new Extension();
  written.add('rt', timeOf(event) ?? String(given.receivedMs));
  written.add('externalId', textOf(event, 'id'));
  written.add('cat', textOf(event, 'eventType'));
  written.add('act', textOf(event, 'action'), MAX_SHORT);
  written.add('outcome', textOf(event, 'outcome'), MAX_SHORT);
  written.add('reason', reasonOf(event), MAX_TEXT);
  written.add('msg', messageOf(event, initiator, target), MAX_TEXT);
  written.add('suser', textOf(initiator, 'name'), MAX_TEXT);
  written.add('suid', textOf(initiator, 'id'));
  written.add('sntdom', textOf(initiator, 'domain'), 255);
  written.add('src', from.ipv4);
  written.add('shost', from.name, MAX_TEXT);
  written.labelled('c6a2', 'Source IPv6 Address', from.ipv6);
  written.add('requestClientApplication', textOf(membersOf(initiator, 'host'), 'agent'), MAX_TEXT);
  written.add('duser', isUser ? targetName : undefined, MAX_TEXT);
  written.add('duid', isUser ? targetId : undefined);
  written.add('dntdom', isUser ? textOf(target, 'domain') : undefined, 255);
  written.add('dst', to.ipv4);
  written.add('dhost', to.name, MAX_TEXT);
  written.add('dpt', to.port);
  written.labelled('c6a3', 'Destination IPv6 Address', to.ipv6);
  written.add('dvc', by.ipv4);
  written.add('dvchost', by.name ?? textOf(observer, 'name'), 100);
  written.add('deviceExternalId', textOf(observer, 'id'));
  written.labelled('cs1', 'initiatorTypeURI', textOf(initiator, 'typeURI'));
  written.labelled('cs2', 'targetTypeURI', targetType);
  written.labelled('cs3', 'targetId', targetId);
  written.labelled('cs4', 'targetName', targetName);
  written.labelled('cs5', 'source', given.source);
  written.labelled('cs6', 'position', `${given.partition}.${given.offset}`);
  written.labelled('flexString1', 'initiatorProject', textOf(initiator, 'project_id'));
  written.labelled('deviceCustomDate1', 'received', String(given.receivedMs));
  return written.text;
}

/** Keys and values, a blank between the pairs. */
class Extension {
  text = '';

  add(key: string, value: string | undefined, maxCharacters = MAX_CUSTOM): void {
    if (value === undefined || value === '') return;
    this.text += `${this.text === '' ? '' : ' '}${key}=${escapeValue(cut(value, maxCharacters))}`;
  }

  labelled(key: string, label: string, value: string | undefined): void {
    if (value === undefined || value === '') return;
    this.add(key, value);
    this.add(`${key}Label`, label);
  }
}

/** Whatever has to be escaped or replaced somewhere, half surrogate pairs included. Most texts have none. */
const SPECIAL = /[\\|=\p{Cc}\p{Surrogate}\u2028\u2029]/u;

/** In the header `|` and `\` are escaped, and there are no line breaks. */
function escapeHeader(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return withoutControls(text).replaceAll(/[\\|]/g, String.raw`\$&`);
}

/** In values `=` and `\` are escaped, and line breaks are written as `\n` and `\r`. */
function escapeValue(text: string): string {
  if (!SPECIAL.test(text)) return text;
  const escaped = text
    .replaceAll(/[\\=]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`);
  return withoutControls(escaped);
}
