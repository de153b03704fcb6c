/**
 * What the scripts of `/etc/xen/scripts` write to syslog when a device of a domain comes or goes, and what they leave in
 * `xen-hotplug.log` (the standard error of their commands, without a time).
 */
export interface HotplugLine {
  /** `begins`: a device is added; its end is the status the script writes, if it does. */
  readonly step: 'begins' | 'connected' | 'failed' | 'removes' | 'detail';
  readonly script: string;
  /** `backend/vbd/1/51712`. */
  readonly path: string;
  readonly domid: string;
  /** `vbd/51712`. */
  readonly device: string;
  /** What failed. */
  readonly error?: string;
}

const SCRIPT = /^(\/etc\/xen\/scripts\/[\w.-]{1,64}): (.*)$/s;
const PATH = /\bbackend\/([a-z0-9_]{1,32})\/(\d{1,9})\/([^/ ]{1,64})/;
const STANDARD_ERROR =
  /^(?:xenstore-\w{1,16}: |logger: |RTNETLINK answers: |Cannot find device |brctl: |can't |losetup: |ip: |iptables|bridge |device |stat: |flock: |\/etc\/xen\/scripts\/\S{1,64}: line \d)/;
const MAX_LINE = 2048;

/** Undefined where the text is no message of a script. */
export function readHotplugLine(text: string): HotplugLine | undefined {
  const found = SCRIPT.exec(text.length > MAX_LINE ? text.slice(0, MAX_LINE) : text);
  if (found === null) return undefined;
  const [, script = '', message = ''] = found;
  const [path = '', type = '', domid = '', number = ''] = PATH.exec(message) ?? [];
  const base = { script, path, domid, device: `${type}/${number}` };
  if (path === '') return { ...base, step: 'detail' };
  const asked = /^(add|remove|online|offline)(?: type_if=(\w{1,16}))? XENBUS_PATH=/.exec(message);
  if (asked !== null) {
    const [, verb = '', kind] = asked;
    // The emulated twin of a network card (tap) comes and goes with it.
    if (kind === 'tap') return { ...base, step: 'detail' };
    return { ...base, step: verb === 'add' || verb === 'online' ? 'begins' : 'removes' };
  }
  if (message.startsWith('Writing ')) {
    if (message.includes('/hotplug-status connected to xenstore')) return { ...base, step: 'connected' };
    const status = message.indexOf('/hotplug-error ');
    if (status >= 0) {
      const error = message.slice(status + '/hotplug-error '.length);
      return {
        ...base,
        step: 'failed',
        error: error.replace(/ backend\/\S{1,120}\/hotplug-status error to xenstore\.?$/, ''),
      };
    }
    if (message.includes('/hotplug-status error')) return { ...base, step: 'failed', error: 'error' };
  }
  return { ...base, step: 'detail' };
}

export function isScriptError(text: string): boolean {
  return STANDARD_ERROR.test(text.slice(0, 200));
}
