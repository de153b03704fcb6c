/** What the tools of Xen log without a manager above them: xl, libxl, the hotplug scripts, and xend before them. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';
import { isTraceback } from './xend-line.ts';

const XL =
  /^(?:Waiting for domain .{1,200} \(domid \d{1,9}\) to die \[pid|Domain \d{1,9} has (?:been )?(?:shut down, reason code|destroyed)|Domain \d{1,9} needs to be cleaned up|Action for shutdown reason code \d|Domain has suspended\.$|Done\. (?:Exiting|Rebooting) now$)/;
const LIBXL =
  /^(?:libxl: (?:error|warning|notice|info|debug|detail|critical): |libxl_\w{1,96} failed|xc: (?:error|info|progress|detail): )/;
const XEND =
  /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d{3})? (?:xend )?\d{1,10}(?: \d{1,20})?\] [A-Z]{4,8} {1,4}\(\w{1,64}:\d/;

export const source: Source = {
  id: 'xen-toolstack',
  describe: {
    title: 'Xen tools: xl, libxl, hotplug scripts, xend',
    vendor: 'Xen Project',
    documents: [
      'https://xenbits.xen.org/docs/unstable/man/xl.1.html',
      'https://xenbits.xen.org/docs/unstable/misc/xenstore-paths.html',
    ],
    framings: ['lines'],
  },
  recognize({ message, program }) {
    const start = message.slice(0, 400);
    if (start.startsWith('/etc/xen/scripts/')) return { rule: 'hotplug-script', certainty: 1 };
    if (LIBXL.test(start)) return { rule: 'libxl', certainty: 1 };
    if (XL.test(start)) return { rule: 'xl', certainty: 1 };
    if (XEND.test(start)) return { rule: 'xend', certainty: start.includes('Xend') ? 1 : 0.5 };
    if (program === 'xen' || program === 'xendomains' || program === 'xl')
      return { rule: 'xen-service', certainty: 0.5 };
    if (program === 'systemd' && /^(?:Start|Stop)\w{2,4} xen/.test(start))
      return { rule: 'unit', certainty: 0.5 };
    if (/^(?:Parsing config from |xenstore-(?:read|write|rm): )/.test(start))
      return { rule: 'xl-console', certainty: 0.5 };
    return undefined;
  },
  continues: ({ text }) => isTraceback(text),
  fields: {
    id: 'host, watch over the domain, time where there is one, text; of a device that is added the record of its beginning',
    eventType: 'activity',
    eventTime: 'syslog header; xend.log: its own local time; xl has none: the time of arrival, tagged',
    action: 'shutdown reason, failed function, step of the script',
    outcome: 'success; failure for errors, crashes and watchdog; pending for what was asked for or begun',
    'initiator.id': 'unknown: the tools do not log who used them',
    target: 'domain id, qualified by the host, and name; the service',
    'observer.id': 'host and xl, xend, xen-hotplug or the service',
    'reason.reasonCode': 'shutdown reason, function of libxl, error of the script',
    name: 'the message',
    tags: 'operation: path of the device; redacted; how the time was read',
  },
  rules: {
    'domain-watched': 'xl began to watch a domain: it was started',
    'domain-destroyed': 'a watched domain was destroyed',
    'shutdown-*': 'a domain shut down; the reason gives the action',
    'unmapped-shutdown-reason': 'a reason without a meaning in the table',
    'asked-*': 'xl asked a domain to shut down or reboot',
    'command-failed': 'a command of xl failed',
    'script-failed': 'a hotplug script ended with an error',
    'trigger-failed': 'a trigger could not be sent',
    'device-failed': 'a device could not be added or removed',
    'create-failed': 'a domain could not be made',
    'destroy-failed': 'a domain could not be destroyed',
    'reboot-failed': 'a domain could not be rebooted',
    'pause-failed': 'a domain could not be paused',
    'unpause-failed': 'a domain could not be unpaused',
    'resume-failed': 'a domain could not be restored',
    'suspend-failed': 'a domain could not be saved',
    'migrate-failed': 'a domain could not be migrated',
    'dump-failed': 'the memory of a domain could not be dumped',
    'change-failed': 'a setting of a domain could not be changed',
    'hotplug-add': 'a script began to add a device',
    'hotplug-connected': 'the device is connected',
    'hotplug-failed': 'the device could not be connected',
    'hotplug-remove': 'a script was called to remove a device',
    'service-started': 'systemd started a service of Xen',
    'service-stopped': 'systemd stopped a service of Xen',
    'service-failed': 'systemd could not start a service of Xen',
    'xend-*': 'xend: the text gives the action',
    'unmapped-xend-reason': 'a reason of xend without a meaning in the table',
    'shutdown-detail': 'what goes with a shutdown that was told',
    'error-detail': 'inner errors of a failure that another line tells',
    diagnostic: 'warnings and debugging messages of libxl',
    progress: 'progress of xl and libxc',
    'hotplug-detail': 'other lines of hotplug scripts',
    'script-stderr': 'what commands of hotplug scripts print (xen-hotplug.log)',
    traceback: 'a traceback of xend',
    'service-detail': 'other lines of services of Xen',
    'kernel-message': 'messages of the kernel',
    'other-program': 'a line of another program',
    'blank-line': 'nothing on the line',
  },
  createNormalizer,
};
