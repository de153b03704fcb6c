/**
 * Messages of the library below the tools: `libxl: error: FILE:LINE:FUNCTION: Domain N:TEXT`, and of the one below that,
 * `xc: error: …`. One failure makes several of them, from the inside out: the one that says what could not be done is
 * told as an event, the others are details of it.
 */
import { noise } from './told.ts';
import type { Told } from './told.ts';

const LIBXL =
  /^libxl: (error|warning|notice|info|debug|detail|critical): ([\w.-]{1,64}):(\d{1,6}):(\w{1,96}):? ?(?:[Dd]omain (\d{1,9}):? ?)?(.*)$/s;
const MAX_LINE = 4096;

/** Functions whose error only repeats, from inside, what another line of the same failure says. */
const DETAILS = new Set([
  'device_backend_callback',
  'device_hotplug_child_death_cb',
  'device_hotplug_done',
  'domain_destroy_callback',
  'libxl__destroy_domid',
  'libxl__xs_read_mandatory',
  'libxl__ev_time_register_rel',
  'libxl_wait_for_free_memory',
  'devices_destroy_cb',
  'destroy_finish_check',
]);

/** By function or text, most special first. */
const FAILURES: readonly (readonly [pattern: RegExp, action: string, rule: string])[] = [
  [
    /^libxl_report_child_exitstatus .{0,200}\/scripts\/\S{1,64} (?:remove|offline)\b/,
    'update/detach',
    'script-failed',
  ],
  [
    /^libxl_report_child_exitstatus .{0,200}\/scripts\/\S{1,64} (?:add|online)\b/,
    'update/attach',
    'script-failed',
  ],
  [/^libxl_send_trigger .{0,60}'(?:power|sleep)'/, 'stop/shutdown', 'trigger-failed'],
  [/^libxl_send_trigger .{0,60}'reset'/, 'start/reset', 'trigger-failed'],
  [/^libxl_send_trigger .{0,60}'s3resume'/, 'start/resume', 'trigger-failed'],
  [/^device_addrm_aocomplete .{0,60}\bremove\b/i, 'update/detach', 'device-failed'],
  [/^device_addrm_aocomplete /, 'update/attach', 'device-failed'],
  [/^\w*(?:remove|detach|unplug|eject)\w* /, 'update/detach', 'device-failed'],
  [/^libxl\w*_(?:device|disk|nic|pci|usb|vtpm)\w*_add\w* /, 'update/attach', 'device-failed'],
  [/^(?:domcreate_|initiate_domain_create|libxl__domain_make|domain_create)\w* /, 'start', 'create-failed'],
  [
    /^(?:domain_destroy_cb|libxl_domain_destroy|libxl__domain_destroy|dm_destroy_cb)\w* /,
    'stop',
    'destroy-failed',
  ],
  [/^libxl\w*domain_shutdown\w* /, 'stop/shutdown', 'shutdown-failed'],
  [/^libxl\w*domain_reboot\w* /, 'start/reboot', 'reboot-failed'],
  [/^\w*(?:unpause)\w* /, 'start/unpause', 'unpause-failed'],
  [/^\w*(?:pause)\w* /, 'stop/pause', 'pause-failed'],
  [/^\w*(?:restore|resume)\w* /, 'start/resume', 'resume-failed'],
  [/^\w*(?:suspend|save)\w* /, 'stop/suspend', 'suspend-failed'],
  [/^\w*migrat\w* /, 'update/migrate', 'migrate-failed'],
  [/^\w*core_dump\w* /, 'capture', 'dump-failed'],
  [/^libxl_\w{0,40}(?:rename|memory|vcpu|sched|cpupool|cdrom|set_)\w* /, 'update', 'change-failed'],
];

/** Undefined where the line is of neither library. */
export function readLibxlLine(text: string): Told | undefined {
  if (text.startsWith('xc: ')) return noise(text.startsWith('xc: error') ? 'error-detail' : 'progress');
  if (!text.startsWith('libxl')) return undefined;
  if (/^libxl_\w{1,96} failed\.?$/.test(text)) return noise('error-detail');
  const found = LIBXL.exec(text.length > MAX_LINE ? text.slice(0, MAX_LINE) : text);
  if (found === null) return undefined;
  const [, level = '', , , call = '', domid, message = ''] = found;
  if (level !== 'error' && level !== 'critical') return noise('diagnostic');
  if (DETAILS.has(call) || call.startsWith('libxl__build_')) return noise('error-detail');
  const key = `${call} ${message.slice(0, 400)}`;
  const failure = FAILURES.find(([pattern]) => pattern.test(key));
  if (failure === undefined) return noise('error-detail');
  const [, action, rule] = failure;
  return {
    kind: 'event',
    rule,
    action,
    outcome: 'failure',
    domain: domid === undefined ? {} : { domid },
    name: `${call}: ${message}`,
    reason: call,
  };
}
