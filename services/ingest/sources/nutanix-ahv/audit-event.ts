/** Builds the CADF event of an audit record of a CVM or AHV host. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { createSourceEvents, digestOf } from '../../src/normalize/event-draft.ts';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { exactTime } from '../../src/normalize/event-time.ts';
import { qualifiedId, resource, service, unknownInitiator, user } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import { recordOutcome } from '../libvirt-audit/mapping.ts';
import { last } from '../libvirt-audit/payload.ts';
import type { AuditRecord } from './audit-record.ts';
import type { AuditMeaning } from './audit-types.ts';
import { withText } from '../../src/normalize/redact-secrets.ts';
import { withoutSecrets } from './redact.ts';

const events = createSourceEvents('nutanix-ahv', 'https://github.com/linux-audit/audit-documentation');
const UNSET = new Set(['4294967295', '-1', 'unset']);

export function auditEvent(
  audit: AuditRecord,
  meaning: AuditMeaning,
  record: RawRecord,
  host: string,
): CadfEvent {
  const command = value(audit, 'cmd');
  const clean = command === undefined ? undefined : withoutSecrets(command);
  const isRedacted = clean !== command;
  const action = isGranted(audit, meaning) ? 'allow' : meaning.action;
  return events.make([isRedacted ? withoutCommand(record, clean ?? '') : record], {
    identity: [host, audit.stamp, audit.type, digestOf(audit.body)],
    time: exactTime(audit.epochMs),
    action,
    outcome: outcomeOf(audit, action),
    initiator: initiatorOf(audit, meaning, host),
    target: targetOf(audit, meaning, host),
    observer: service(host, 'auditd', 'service/security'),
    name: [audit.type, value(audit, 'op'), clean].filter((part) => part !== undefined).join(' '),
    reasonCode: value(audit, 'op') ?? audit.type,
    tags: [...(isRedacted ? [events.tag('redacted', 'command')] : []), ...sessionTag(audit)],
  });
}

/** The payload is what a program said of the operation, the kernel's fields are about the program. */
function value({ payload, kernel }: AuditRecord, key: string): string | undefined {
  return last(payload, key) ?? last(kernel, key);
}

function isGranted({ body }: AuditRecord, { action }: AuditMeaning): boolean {
  return action === 'deny' && /\bavc: {1,4}granted\b/.test(body.slice(0, 400));
}

function outcomeOf(audit: AuditRecord, action: string): EventOutcome {
  const told = recordOutcome(audit.payload.has('res') ? audit.payload : audit.kernel);
  if (told !== 'unknown') return told;
  if (action === 'deny') return 'failure';
  if (audit.type.startsWith('ANOM_LOGIN')) return 'failure';
  return action === 'allow' ? 'success' : 'unknown';
}

function sessionTag(audit: AuditRecord): readonly string[] {
  const session = last(audit.kernel, 'ses');
  return session === undefined || UNSET.has(session) ? [] : [events.tag('session', session)];
}

/**
 * The person who logged in (auid), else, of a login, the account that was tried; else the program: a uid of 0 is the
 * program's, nobody is invented.
 */
function initiatorOf(audit: AuditRecord, { action }: AuditMeaning, host: string): Resource {
  const address = addressOf(audit);
  const isLogin = action.startsWith('authenticate');
  const account = isLogin ? accountOf(audit) : undefined;
  const auid = last(audit.kernel, 'auid');
  const id = auid === undefined || UNSET.has(auid) ? undefined : auid;
  if (isLogin && (account !== undefined || id === undefined)) {
    const uid = last(audit.payload, 'id');
    const name = account ?? uid;
    return name === undefined
      ? unknownInitiator(address)
      : uid === undefined
        ? user({ scope: host, name, address })
        : numbered(host, uid, name, address);
  }
  if (id !== undefined) return numbered(host, id, last(audit.names, 'AUID') ?? id, address);
  const exe = value(audit, 'exe') ?? value(audit, 'comm');
  return exe === undefined ? unknownInitiator(address) : service(host, exe.slice(exe.lastIndexOf('/') + 1));
}

/** A user by number, as the source libvirt-audit tells it. */
function numbered(host: string, uid: string, name: string, address: string | undefined): Resource {
  return { ...user({ scope: host, name, address }), id: qualifiedId(host, 'uid', uid) };
}

/** Where the account does not exist, programs write `(unknown)`, `(invalid user)`. */
function accountOf(audit: AuditRecord): string | undefined {
  const account = value(audit, 'acct') ?? last(audit.names, 'ID');
  return account?.startsWith('(') === true ? undefined : account;
}

function addressOf(audit: AuditRecord): string | undefined {
  const address = last(audit.payload, 'addr') ?? last(audit.payload, 'hostname');
  return address === undefined || address.length > 255 ? undefined : address;
}

function targetOf(audit: AuditRecord, { about }: AuditMeaning, host: string): Resource {
  const account = value(audit, 'acct') ?? last(audit.payload, 'id') ?? value(audit, 'grp');
  switch (about) {
    case 'account': {
      const kind =
        value(audit, 'acct') === undefined && last(audit.payload, 'id') !== undefined ? 'uid' : 'user';
      return named('data/security/account/user', host, kind, account);
    }
    case 'group':
      return named('data/security/group', host, 'group', value(audit, 'grp') ?? account);
    case 'credential':
      return named('data/security/credential', host, 'password', account);
    case 'role':
      return named('data/security/role', host, 'role', value(audit, 'new-role') ?? account);
    case 'service':
      return named('service', host, 'service', value(audit, 'unit') ?? value(audit, 'comm'));
    case 'audit':
      return resource('data/file/log', qualifiedId(host, 'audit'), 'audit');
    case 'config':
      return resource('data/config', qualifiedId(host, 'security-policy'), 'security-policy');
    case 'object': {
      const path =
        value(audit, 'path') ?? value(audit, 'name') ?? value(audit, 'exe') ?? value(audit, 'comm');
      return named('data/file', host, 'file', path);
    }
    case 'host':
      return resource('compute/node', qualifiedId(host), host);
  }
}

function named(typeURI: string, host: string, kind: string, name: string | undefined): Resource {
  return name === undefined
    ? resource(typeURI, 'unknown')
    : resource(typeURI, qualifiedId(host, kind, name), name);
}

/** A command line stands in hex where it has blanks. */
function withoutCommand(record: RawRecord, clean: string): RawRecord {
  const hex = Buffer.from(clean).toString('hex').toUpperCase();
  return withText(record, record.text.replace(/\bcmd=(?:"[^"]{0,9000}"|[0-9A-F]{1,18000})/, `cmd=${hex}`));
}
