/**
 * Lines of `/var/log/xen/xend.log` (Xen up to 4.4): `[2012-03-20 02:12:20 5447] INFO (XendDomainInfo:169) TEXT`, local
 * time, later with milliseconds and a thread.
 */
import { known, noise } from './told.ts';
import type { Domain, Told } from './told.ts';

export interface XendLine {
  /** `2012-03-20 02:12:20`, milliseconds behind a point. */
  readonly written: string;
  readonly told: Told;
}

const LINE =
  /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:,(\d{3}))? (?:xend )?\d{1,10}(?: \d{1,20})?\] ([A-Z]{4,8}) {1,4}\((\w{1,64}):\d{1,6} {0,4}\) ?(.*)$/s;
const MAX_LINE = 8192;
const REASONS: Readonly<Record<string, string>> = {
  poweroff: 'stop/shutdown',
  halt: 'stop/shutdown',
  reboot: 'start/reboot',
  suspend: 'stop/suspend',
  crash: 'stop/crash',
};

/** Undefined where the line has no such beginning. */
export function readXendLine(text: string): XendLine | undefined {
  const found = LINE.exec(text.length > MAX_LINE ? text.slice(0, MAX_LINE) : text);
  if (found === null) return undefined;
  const [, date = '', millis, level = '', , message = ''] = found;
  return { written: millis === undefined ? date : `${date}.${millis}`, told: meaningOf(message, level) };
}

export function isTraceback(text: string): boolean {
  return /^(?:Traceback \(most recent call last\):|\s{2,8}\S|[A-Za-z.]{1,64}(?:Error|Exception)(?::|$))/.test(
    text.slice(0, 120),
  );
}

function meaningOf(message: string, level: string): Told {
  const start = message.slice(0, 600);
  if (start.startsWith('Domain ')) {
    const state = /^Domain (.{1,256}) \((\d{1,9})\) (un)?paused\.$/.exec(start);
    if (state !== null) {
      const [, name = '', domid = '', un] = state;
      return un === undefined
        ? told('xend-paused', 'stop/pause', 'success', { domid, name }, start, 'paused')
        : told('xend-unpaused', 'start/unpause', 'success', { domid, name }, start, 'unpaused');
    }
    const gone =
      /^Domain has (shutdown|crashed): name=(.{1,256}) id=(\d{1,9})(?: reason=(\w{1,32}))?\.$/.exec(start);
    if (gone !== null) {
      const [, how, name = '', domid = '', reason = 'crash'] = gone;
      const word = how === 'crashed' ? 'crash' : reason;
      const action = known(REASONS, word);
      if (action === undefined)
        return told('unmapped-xend-reason', 'unknown', 'unknown', { domid, name }, start, word);
      const outcome = word === 'crash' ? 'failure' : 'success';
      return told(`xend-${word}`, action, outcome, { domid, name }, start, word);
    }
    return start.startsWith('Domain construction failed')
      ? told('xend-create-failed', 'start', 'failure', {}, start, 'failed')
      : noise('xend-detail');
  }
  if (start.startsWith('XendDomainInfo.')) {
    const rest = start.slice('XendDomainInfo.'.length);
    if (rest.startsWith('create(') || rest.startsWith('create_from_dict('))
      return told('xend-create', 'start', 'pending', configured(message), 'XendDomainInfo.create', 'create');
    const destroyed = /^destroy: domid=(\d{1,9})/.exec(rest);
    if (destroyed !== null)
      return told('xend-destroy', 'stop', 'success', { domid: destroyed[1] ?? '' }, start, 'destroy');
    const asked = /^shutdown\((\w{1,32})\)/.exec(rest);
    if (asked !== null) {
      const word = asked[1] ?? '';
      const action = known(REASONS, word);
      return action === undefined
        ? told('unmapped-xend-reason', 'unknown', 'pending', {}, start, word)
        : told(`xend-asked-${word}`, action, 'pending', {}, start, word);
    }
    const added = /^device_create: \[?['"]?(\w{1,32})/.exec(rest);
    if (added !== null)
      return told(
        'xend-device',
        'update/attach',
        'pending',
        {},
        'XendDomainInfo.device_create',
        'device_create',
        added[1],
      );
    return noise('xend-detail');
  }
  const memory = /^Setting memory target of domain (.{1,256}) \((\d{1,9})\) to \d{1,9} MiB/.exec(start);
  if (memory !== null) {
    const [, name = '', domid = ''] = memory;
    return told('xend-memory', 'update', 'success', { domid, name }, start, 'memory');
  }
  const saving = /^Save failed on domain (.{1,256}) \((\d{1,9}|None)\)/.exec(start);
  if (saving !== null) {
    const [, name = '', domid = ''] = saving;
    const domain = domid === 'None' ? { name } : { domid, name };
    return told('xend-save-failed', 'stop/suspend', 'failure', domain, start, 'failed');
  }
  if (start.startsWith('Xend Daemon started')) return service('xend-started', 'start', start);
  if (/^Xend (?:stopped|exited)/.test(start)) return service('xend-stopped', 'stop', start);
  return noise(level === 'ERROR' || level === 'CRITICAL' ? 'xend-error' : 'xend-detail');
}

/** Of a configuration in Python's notation: `['name', 'web'], ['uuid', '…']`. */
function configured(message: string): Domain {
  const name = /[[(]'?name'?,? ['"]?([^'")\]]{1,256})/.exec(message)?.[1];
  const uuid = /[[(]'?uuid'?,? ['"]?([0-9a-f-]{36})/.exec(message)?.[1];
  return { ...(name === undefined ? {} : { name }), ...(uuid === undefined ? {} : { uuid }) };
}

function service(rule: string, action: string, name: string): Told {
  return { kind: 'event', rule, action, outcome: 'success', isService: true, name, reason: action };
}

function told(
  rule: string,
  action: string,
  outcome: 'success' | 'failure' | 'pending' | 'unknown',
  domain: Domain,
  name: string,
  reason: string,
  device?: string,
): Told {
  return {
    kind: 'event',
    rule,
    action,
    outcome,
    domain,
    name,
    reason,
    ...(device === undefined ? {} : { device }),
  };
}
