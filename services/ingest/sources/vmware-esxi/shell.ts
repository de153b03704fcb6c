/** Commands typed in a host's shell: `[USER]: COMMAND` of shell.log, and audit records `[EVENT@6876 subject="…" …]`. */
import { attachment } from '../../src/normalize/event-draft.ts';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { qualifiedId, resource } from '../../src/normalize/resources.ts';
import type { TargetKind } from '../vmware-vcenter/target-kinds.ts';
import type { EsxiLine } from './esxi-line.ts';
import type { Finding, Said } from './finding.ts';
import { redactEsxi } from './redact-command.ts';
import { actor, target } from './resources.ts';

const COMMAND = /^\[([^\]]{1,256})\]: ?/;
const AUDIT = /^\[([A-Za-z][A-Za-z0-9_.-]{0,100})@6876 /;
const MAX_COMMAND = 64 * 1024;

export function readShell(line: EsxiLine, host: string): Said {
  const found = COMMAND.exec(line.text.slice(0, 300));
  if (found === null) return { ignored: 'debug-message' };
  return commandRun(line, host, found[1] ?? '', line.text.slice(found[0].length), 'unknown', 'shell-command');
}

/** A command run by a user; how it ended is not known unless the record says so. */
export function commandRun(
  line: EsxiLine,
  host: string,
  user: string,
  command: string,
  outcome: EventOutcome,
  rule: string,
): Finding {
  const clean = redactEsxi(command.slice(0, MAX_COMMAND));
  const program = /^\s{0,8}(\S{1,256})/.exec(clean)?.[1] ?? 'unknown';
  const whom = actor(host, user);
  return {
    rule,
    action: 'start',
    outcome,
    initiator: whom.initiator,
    target: resource('data/workload/task', qualifiedId(host, 'command', line.pid ?? '', program), program),
    name: rule === 'shell-audit' ? 'shell.cmd' : 'command',
    ...(line.pid === undefined ? {} : { operation: `${line.program ?? 'shell'}-${line.pid}` }),
    tags: whom.tags,
    attachments: [attachment('command', 'text/plain', clean)],
  };
}

export function isAuditRecord(text: string): boolean {
  return text.charCodeAt(0) === 0x5b && AUDIT.test(text.slice(0, 128)) && !text.startsWith('[Originator@');
}

/** Words of an event's name → action, what it is about. In order. */
const EVENTS: readonly (readonly [RegExp, string, TargetKind?])[] = [
  [/lockdown.*(?:enter|enable)/, 'enable', 'policy'],
  [/lockdown.*(?:exit|disable)/, 'disable', 'policy'],
  [/session\.(?:open|start)|log[io]n|auth(?:enticate)?$/, 'authenticate/login', 'service'],
  [/session\.(?:close|end|stop)|logout|logoff/, 'authenticate/logout', 'service'],
  [/(?:account|user)\.(?:create|add)/, 'create', 'user'],
  [/(?:account|user)\.(?:delete|remove)/, 'delete', 'user'],
  [/(?:account|user)\.(?:lock)/, 'disable', 'user'],
  [/(?:account|user|passw\w{0,10})\.(?:update|set|change|modify)/, 'update', 'user'],
  [/(?:permission|role|acl)\.(?:create|add|set|grant)/, 'allow', 'role'],
  [/(?:permission|role|acl)\.(?:delete|remove|revoke)/, 'revoke', 'role'],
  [/(?:vib|profile|software|package)\.(?:install|add)/, 'create', 'package'],
  [/(?:vib|profile|software|package)\.(?:update|apply)/, 'update', 'package'],
  [/(?:vib|profile|software|package)\.(?:remove|uninstall)/, 'delete', 'package'],
  [/(?:host|system)\.reboot|reboot$/, 'start/reboot', 'node'],
  [/(?:host|system)\.(?:shutdown|poweroff)|shutdown$/, 'stop/shutdown', 'node'],
  [/(?:fw|firewall)\./, 'configure', 'firewall'],
  [/\.(?:start|started)$/, 'start', 'service'],
  [/\.(?:stop|stopped)$/, 'stop', 'service'],
  [/\.(?:restart|restarted)$/, 'start/reboot', 'service'],
  [/\.(?:enable|enabled)$/, 'enable', 'service'],
  [/\.(?:disable|disabled)$/, 'disable', 'service'],
  [/\.(?:set|config|configure|update|changed|change)$/, 'configure', 'config'],
];
const FIELD = /([A-Za-z][A-Za-z0-9_.-]{0,40})=(?:""([^"]{0,4096})""|"((?:[^"\\]|\\.){0,8192})")/g;

export function readAuditRecord(line: EsxiLine, host: string): Said {
  const { text } = line;
  const event = AUDIT.exec(text.slice(0, 128))?.[1] ?? '';
  const fields = new Map<string, string>();
  for (const found of text.slice(0, MAX_COMMAND).matchAll(FIELD)) {
    if (fields.size >= 64) break;
    fields.set((found[1] ?? '').toLowerCase(), (found[2] ?? found[3] ?? '').replaceAll(/\\(["\\\]])/g, '$1'));
  }
  if (!fields.has('subject') && !fields.has('result') && !fields.has('object'))
    return {
      code: 'ESXI_AUDIT_UNREADABLE',
      detail: `The audit record ${event} has none of subject, object and result. Is it cut, or are its quotes gone?`,
    };
  const outcome = outcomeOf(fields);
  const user = fields.get('subject');
  const command = fields.get('command');
  if (event === 'shell.cmd' && command !== undefined)
    return commandRun(line, host, user ?? '', command, outcome, 'shell-audit');
  const known = EVENTS.find(([pattern]) => pattern.test(event.toLowerCase()));
  const address = ['remote', 'address', 'ip', 'rhost', 'client', 'src']
    .map((name) => fields.get(name))
    .find((value) => value !== undefined && value !== '');
  const whom = actor(host, user, address);
  const kind = known?.[2];
  return {
    rule: known === undefined ? 'unmapped-audit-record' : 'audit-record',
    action: known?.[1] ?? 'unknown',
    outcome,
    initiator: whom.initiator,
    target: target(host, kind, kind === 'node' || kind === 'service' ? undefined : fields.get('object')),
    name: event,
    reasonCode: fields.get('status') ?? fields.get('result'),
    tags: whom.tags,
  };
}

function outcomeOf(fields: ReadonlyMap<string, string>): EventOutcome {
  const result = fields.get('result')?.toLowerCase();
  if (result === 'success' || result === 'ok') return 'success';
  if (result === 'failure' || result === 'failed' || result === 'error' || result === 'denied')
    return 'failure';
  const status = fields.get('status');
  if (status === undefined || status === '') return 'unknown';
  return status === '0' ? 'success' : 'failure';
}
