/** What a line of the access log tells about domains: the table of README.md as code. */
import type { AccessLine } from './access-line.ts';

export type Meaning =
  /** Something an audit wants. `device` is the type and number: `vbd/51712`. */
  | {
      readonly kind: 'change';
      readonly action: string;
      readonly rule: string;
      readonly domain: string;
      readonly value: string;
    }
  | { readonly kind: 'device'; readonly isRemoval: boolean; readonly domain: string; readonly device: string }
  /** The tree of a domain is being written: what its name and UUID are. */
  | { readonly kind: 'domain-tree'; readonly domain: string; readonly name?: string; readonly uuid?: string }
  | { readonly kind: 'started' | 'stopped'; readonly domain: string }
  /** Special watches: some domain came or went. */
  | {
      readonly kind: 'announced';
      readonly path: '@introduceDomain' | '@releaseDomain';
      readonly token: string;
    }
  | { readonly kind: 'watched'; readonly token: string }
  | { readonly kind: 'began' | 'committed' | 'aborted' }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'noise'; readonly rule: string };

const CONTROL: Readonly<Record<string, string>> = {
  poweroff: 'stop/shutdown',
  halt: 'stop/shutdown',
  reboot: 'start/reboot',
  suspend: 'stop/suspend',
  s3: 'stop/suspend',
  crash: 'stop/crash',
};

const DOMAIN_PATH = /^\/local\/domain\/(\d{1,9})(?:\/(.{1,512}))?$/s;
const BACKEND =
  /^(?:\/local\/domain\/\d{1,9}\/)?backend\/([a-z0-9_]{1,32})\/(\d{1,9})\/([^/ ]{1,64})(\/.{0,512})?$/s;
/** Kinds of devices that are part of every machine and never attached by anybody. */
const INNER = new Set(['console', 'vkbd', 'vfb']);

export function meaningOf({
  operation,
  argument,
  connection,
  isAnswer,
  form,
  transaction,
}: AccessLine): Meaning {
  if (isAnswer) {
    return operation === 'error' && /^E(?:ACCES|PERM)\b/.test(argument)
      ? { kind: 'refused', error: argument }
      : { kind: 'noise', rule: 'protocol' };
  }
  switch (operation) {
    case 'write':
      return writing(argument, connection, transaction !== undefined);
    case 'mkdir':
      return writing(`${argument} `, connection, transaction !== undefined);
    case 'rm':
      return removing(argument);
    case 'newconn':
    case 'endconn':
      return connection.startsWith('D') && connection !== 'D0'
        ? { kind: operation === 'newconn' ? 'started' : 'stopped', domain: connection.slice(1) }
        : { kind: 'noise', rule: 'connection' };
    case 'introduce':
    case 'release': {
      const domain = /^\d{1,9}/.exec(argument)?.[0];
      return domain === undefined || domain === '0'
        ? { kind: 'noise', rule: 'protocol' }
        : { kind: operation === 'introduce' ? 'started' : 'stopped', domain };
    }
    case 'watch':
    case 'w event':
      return special(operation, argument);
    case 't start':
      return form === 'trace' ? { kind: 'began' } : { kind: 'noise', rule: 'protocol' };
    case 't end':
      return { kind: argument.startsWith('F') ? 'aborted' : 'committed' };
    case 'commit':
      return { kind: 'committed' };
    case 'conflict':
      return { kind: 'aborted' };
    case 'error':
      return /^E(?:ACCES|PERM)\b/.test(argument)
        ? { kind: 'refused', error: argument }
        : { kind: 'noise', rule: 'protocol' };
    default:
      return { kind: 'noise', rule: 'protocol' };
  }
}

function special(operation: 'watch' | 'w event', argument: string): Meaning {
  const noise: Meaning = { kind: 'noise', rule: 'watch' };
  if (argument.charCodeAt(0) !== 0x40) return noise;
  const [path = '', token = ''] = argument.split(' ', 2);
  if (path !== '@introduceDomain' && path !== '@releaseDomain') return noise;
  return operation === 'watch'
    ? { kind: 'watched', token: `${path} ${token}` }
    : { kind: 'announced', path, token: `${path} ${token}` };
}

function writing(argument: string, connection: string, isInTransaction: boolean): Meaning {
  const blank = argument.indexOf(' ');
  const path = blank < 0 ? argument : argument.slice(0, blank);
  const value = blank < 0 ? '' : argument.slice(blank + 1).trim();
  if (path.includes('backend/')) {
    const found = BACKEND.exec(path);
    const [, type = '', domain = '', device = '', member = ''] = found ?? [];
    // Drivers and scripts write members of a device too: by relative paths, or outside a transaction.
    const isToolstack = path.startsWith('/') && (isInTransaction || member === '/frontend');
    if (found === null || INNER.has(type) || !isToolstack) return { kind: 'noise', rule: 'device-detail' };
    return { kind: 'device', isRemoval: false, domain, device: `${type}/${device}` };
  }
  const relative = path.startsWith('/') || !connection.startsWith('D') ? undefined : connection.slice(1);
  const found = relative === undefined ? DOMAIN_PATH.exec(path) : undefined;
  if (found === null) return { kind: 'noise', rule: 'store-detail' };
  const domain = relative ?? found?.[1] ?? '';
  const member = relative === undefined ? found?.[2] : path;
  if (member === 'control/shutdown') {
    // The guest empties it when it begins; so does the toolstack when it makes the tree.
    if (value === '') return { kind: 'noise', rule: 'shutdown-acknowledged' };
    const action = Object.hasOwn(CONTROL, value) ? CONTROL[value] : undefined;
    return action === undefined
      ? { kind: 'change', action: 'unknown', rule: 'unmapped-control', domain, value }
      : { kind: 'change', action, rule: `control-${value}`, domain, value };
  }
  if (domain === '0') return { kind: 'noise', rule: 'store-detail' };
  if (member === undefined) return { kind: 'domain-tree', domain };
  if (member === 'vm') return { kind: 'domain-tree', domain, uuid: value.slice(value.lastIndexOf('/') + 1) };
  if (member === 'name') return { kind: 'change', action: 'update', rule: 'renamed', domain, value };
  if (member === 'memory/target')
    return { kind: 'change', action: 'update', rule: 'memory-target', domain, value };
  if (/^cpu\/\d{1,5}\/availability$/.test(member))
    return {
      kind: 'change',
      action: 'update',
      rule: 'vcpu-availability',
      domain,
      value: `${member} ${value}`,
    };
  return { kind: 'noise', rule: 'store-detail' };
}

function removing(path: string): Meaning {
  if (!path.includes('backend/')) return { kind: 'noise', rule: 'store-detail' };
  const [, type = '', domain = '', device = '', member] = BACKEND.exec(path) ?? [];
  return device === '' || member !== undefined || INNER.has(type)
    ? { kind: 'noise', rule: 'device-detail' }
    : { kind: 'device', isRemoval: true, domain, device: `${type}/${device}` };
}
