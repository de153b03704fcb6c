/** hostd: its event log (sub ha-eventmgr), its tasks, states of machines, passwords and settings. */
import { observedState } from '../../src/normalize/event-draft.ts';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { resource, service, unknownInitiator, qualifiedId } from '../../src/normalize/resources.ts';
import { operationOf } from '../vmware-vcenter/event-names.ts';
import { readEventText } from '../vmware-vcenter/event-texts.ts';
import { refineGuestOperation } from '../vmware-vcenter/guest-operations.ts';
import { taskOperation } from '../vmware-vcenter/task-names.ts';
import type { EsxiLine } from './esxi-line.ts';
import type { Finding, Said } from './finding.ts';
import { actor, events, target } from './resources.ts';

const EVENT = /^Event (\S{1,32}) : /;
const TASK = /^Task (Created|Completed) : (\S{1,400})(?: Status (\S{1,32}))?/;
const TASK_KEY = /^haTask-(.{0,128}?)-?(vim\.[A-Za-z0-9_.]{1,200})-(\d{1,20})$/;
const STATE = /^State Transition \(VM_STATE_([A-Z_]{1,40}) -> VM_STATE_([A-Z_]{1,40})\)/;
const PASSWORD = /^(Accepted|Rejected) password for user (.{1,256}) from (\S{1,64})$/;
const AUTHD = /^login from (\S{1,64}) as (\S{1,128})/;
const SETTING = /^Set called with key '([^']{1,512})'(?:,? value '(.{0,512}?)')?/;
const ANSWER = /^Received answer: (\S{1,64}), (\S{1,64})/;
const ROLE = /, role is ([^,]{1,256})/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;

export function readHostd(line: EsxiLine, host: string): Said {
  const { text } = line;
  switch (text.charCodeAt(0)) {
    case 0x45: // Event
      return readEvent(line, host) ?? { ignored: 'debug-message' };
    case 0x54: // Task
      return readTask(line, host) ?? { ignored: 'debug-message' };
    case 0x53: // State, Set
      return readState(line, host) ?? readSetting(line, host) ?? { ignored: 'debug-message' };
    case 0x41: // Accepted
    case 0x52: // Rejected, Received
      return readPassword(line, host) ?? readAnswer(line, host) ?? { ignored: 'debug-message' };
    case 0x6c: // login
      return readAuthd(line, host) ?? { ignored: 'debug-message' };
    default:
      return { ignored: 'debug-message' };
  }
}

function readEvent(line: EsxiLine, host: string): Said | undefined {
  const found = EVENT.exec(line.text.slice(0, 64));
  if (found === null) return undefined;
  const message = line.text.slice(found[0].length);
  const facts = readEventText(message);
  const tags = [events.tag('event-number', found[1] ?? '')];
  if (facts === undefined) {
    const isUsers = line.user !== undefined && line.user !== '';
    const whom = actor(host, line.user);
    return {
      rule: isUsers ? 'unmapped-event' : 'observation',
      action: isUsers ? 'unknown' : 'notify',
      outcome: 'unknown',
      ...whom,
      target: target(host, 'node'),
      name: message.slice(0, 200).split('\n', 1)[0] ?? 'Event',
      operation: line.opId,
      tags: [...tags, ...whom.tags],
      isNoise: !isUsers,
      mayContinue: true,
    };
  }
  const operation = refineGuestOperation(operationOf(facts.name), facts.detail);
  // On a host this text means that the machine left the inventory; a deletion is told by its task.
  const isRemoval = facts.name === 'VmRemovedEvent';
  const isGrant = facts.name.startsWith('Permission');
  const role = isGrant ? ROLE.exec(message.slice(0, 1024))?.[1] : undefined;
  const isSession = operation.action.startsWith('authenticate');
  const whom = actor(host, isSession ? (facts.user ?? line.user) : line.user, facts.address, facts.agent);
  const isSeen = operation.isState === true || operation.action === 'monitor';
  return {
    rule: isRemoval ? 'event-undeploy-unregister' : operation.rule,
    action: isRemoval ? 'undeploy/unregister' : operation.action,
    outcome: operation.outcome,
    initiator: isSeen ? service(host, 'hostd') : whom.initiator,
    target: target(host, operation.kind, isGrant ? role : facts.object),
    name: /^(?:com|esx)\./.test(facts.name) ? facts.name : `vim.event.${facts.name}`,
    operation: line.opId,
    tags: [
      ...tags,
      ...whom.tags,
      ...(isGrant && facts.object !== undefined ? [events.tag('principal', facts.object)] : []),
      ...(facts.detail === undefined ? [] : [events.tag('detail', facts.detail)]),
    ],
    ...(isSeen ? { measurements: [observedState('vmware:event', facts.name)] } : {}),
    isNoise: operation.isNoise === true,
    mayContinue: facts.name === 'VmMessageEvent' || facts.name === 'VmReconfiguredEvent',
  };
}

/** Tasks: begun and ended under one key; who asked stands usually in the first line only. */
function readTask(line: EsxiLine, host: string): Finding | undefined {
  const found = TASK.exec(line.text.slice(0, 600));
  if (found === null) return undefined;
  const [, what, key = '', status = ''] = found;
  const parts = TASK_KEY.exec(key);
  const method = parts?.[2] ?? key;
  const { action, kind, isMapped } = taskOperation(method);
  const isEnd = what === 'Completed';
  const outcome: EventOutcome = !isEnd
    ? 'pending'
    : status === 'success'
      ? 'success'
      : status === 'error'
        ? 'failure'
        : 'unknown';
  // A snapshot is one of a machine: `5-snapshot-2`.
  const entity = (parts?.[1] ?? '').replace(/-snapshot-\d{1,10}$/, '');
  const whom = actor(host, line.user);
  return {
    rule: isMapped ? `task-${action.replaceAll('/', '-')}` : 'unmapped-task',
    action,
    outcome,
    initiator: whom.initiator,
    target:
      kind === 'machine' && /^\d{1,10}$/.test(entity)
        ? resource('compute/machine', qualifiedId(host, 'vm', entity))
        : target(host, kind),
    name: method,
    ...(isEnd && status !== '' ? { reasonCode: status } : {}),
    operation: key,
    tags: [...whom.tags, ...(line.opId === undefined ? [] : [events.tag('op-id', line.opId)])],
    isNoise: action === 'read',
    mayContinue: outcome === 'failure',
    ...(isEnd ? { ends: key } : { begins: key }),
  };
}

function readState(line: EsxiLine, host: string): Finding | undefined {
  const found = STATE.exec(line.text.slice(0, 160));
  if (found === null) return undefined;
  const [, from = '', to = ''] = found;
  return {
    rule: 'machine-state',
    action: 'monitor',
    outcome: 'success',
    initiator: service(host, 'hostd'),
    target: machineOfSub(host, line.sub),
    name: 'State Transition',
    reasonCode: to,
    operation: line.opId,
    tags: [events.tag('from', from), ...vmxTag(line.sub)],
    measurements: [observedState('vmware:machine-state', to)],
  };
}

function readAnswer(line: EsxiLine, host: string): Finding | undefined {
  const found = ANSWER.exec(line.text.slice(0, 200));
  if (found === null) return undefined;
  const whom = actor(host, line.user);
  return {
    rule: 'machine-answer',
    action: 'update',
    outcome: 'success',
    initiator: whom.initiator,
    target: machineOfSub(host, line.sub),
    name: 'Received answer',
    reasonCode: found[2],
    operation: line.opId,
    tags: [events.tag('question', found[1] ?? ''), ...whom.tags, ...vmxTag(line.sub)],
  };
}

function readPassword({ text, opId }: EsxiLine, host: string): Finding | undefined {
  const found = PASSWORD.exec(text.slice(0, 400));
  if (found === null) return undefined;
  const [, how, name, address] = found;
  return {
    rule: how === 'Accepted' ? 'password-accepted' : 'password-rejected',
    action: 'authenticate',
    outcome: how === 'Accepted' ? 'success' : 'failure',
    ...actor(host, name, address),
    target: target(host, 'service'),
    name: `${how ?? ''} password`,
    operation: opId,
  };
}

/** The name behind `as` is a session's ticket where it is a UUID: nobody's name. */
function readAuthd({ text, opId }: EsxiLine, host: string): Finding | undefined {
  const found = AUTHD.exec(text.slice(0, 400));
  if (found === null) return undefined;
  const [, address, name = ''] = found;
  const isTicket = UUID.test(name);
  return {
    rule: 'authd-login',
    action: 'authenticate/login',
    outcome: 'success',
    initiator: isTicket ? unknownInitiator(address) : actor(host, name, address).initiator,
    target: service(host, 'vmware-authd'),
    name: 'login',
    operation: opId,
  };
}

function readSetting(line: EsxiLine, host: string): Finding | undefined {
  const found = SETTING.exec(line.text.slice(0, 1200));
  if (found === null) return undefined;
  const whom = actor(host, line.user);
  return {
    rule: 'setting',
    action: 'configure',
    outcome: 'success',
    initiator: whom.initiator,
    target: target(host, 'config', found[1]),
    name: 'Set',
    operation: line.opId,
    tags: whom.tags,
  };
}

/** `Vmsvc.vm:/vmfs/volumes/UUID/NAME/NAME.vmx`: the file is named as the machine was when it was made. */
function machineOfSub(host: string, sub: string | undefined): ReturnType<typeof target> {
  const path = vmxOf(sub);
  if (path === undefined) return target(host, 'machine');
  const file = path.slice(path.lastIndexOf('/') + 1);
  return target(host, 'machine', file.replace(/\.vmx$/i, ''));
}

function vmxTag(sub: string | undefined): readonly string[] {
  const path = vmxOf(sub);
  return path === undefined ? [] : [events.tag('vmx', path)];
}

function vmxOf(sub: string | undefined): string | undefined {
  const at = sub?.indexOf('vm:/') ?? -1;
  return sub === undefined || at < 0 ? undefined : sub.slice(at + 3);
}
