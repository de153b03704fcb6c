/** `cadf wbem`: subscribes the pipeline's WBEM listener to the indications of CIM servers. */
import { isXmlText } from '@cadf-pipeline/cadf-model';
import { InvalidArgumentError, visible } from '@cadf-pipeline/cli';
import type { DefineCommand } from '@cadf-pipeline/cli';
import { interopNamespaces } from '../wbem-client/interop.ts';
import { setNames } from '../wbem-client/indication-sets.ts';
import { runList } from '../wbem-client/run-list.ts';
import { runSubscribe } from '../wbem-client/run-subscribe.ts';
import { runUnsubscribe } from '../wbem-client/run-unsubscribe.ts';

const SERVER =
  'the CIM server: a host, host:port, or an http:// or https:// URL; port 5989 (https) or 5988 (http) unless told';
const EXIT_STATUS =
  '\nExit status: 0 done; 1 done, but the server has something of ours that differs and was left; 2 wrong usage, or a server that cannot be reached or refuses.';

const NONE: string[] = [];

const SETS = `
What --for asks for (one filter each; those that the server does not know are left out and told):
  libvirt    libvirt-cim's KVM_, Xen_ and LXC_ indications of domains, devices and migrations, in root/virt
  hyper-v    creation, change and deletion of Msvm_ machines and snapshots, and jobs, in root/virtualization/v2
  alerts     CIM_AlertIndication and CIM_ThresholdIndication, in root/cimv2
  lifecycle  creation, change and deletion of any CIM_ComputerSystem, and jobs, in root/cimv2
  process    every CIM_ProcessIndication, alerts among them, in root/cimv2
  all        libvirt, hyper-v, alerts and lifecycle

Passwords are read from the environment (CADF_WBEM_PASSWORD, CADF_WBEM_LISTENER_PASSWORD) or from files, never from the
command line. CIM servers keep the one for the listener in the destination's URL, where all who may read its interop
namespace see it, and not all servers know how to show it (sfcb does): a client certificate is better.

Example: CADF_WBEM_PASSWORD=… cadf wbem subscribe --user admin --ca ca.pem --for libvirt kvm-1.example https://cadf.example:5991/kvm-1
`;

export const defineCommand: DefineCommand = (program, context) => {
  const wbem = program
    .command('wbem')
    .summary('subscribe to the indications of CIM servers')
    .description(
      'Manages the subscriptions of CIM (WBEM) servers, such as sfcb and OpenPegasus, that send indications to the WBEM listener of the pipeline.',
    )
    .configureHelp({ showGlobalOptions: true })
    .option('-u, --user <name>', 'user of the CIM server')
    .addOption(program.createOption('--password <text>').env('CADF_WBEM_PASSWORD').hideHelp())
    .option('--password-file <file>', 'file with the password in its first line')
    .option('--ca <file>', 'PEM of the authorities that may have signed the certificate of the server')
    .option('--cert <file>', 'PEM of the client certificate to show')
    .option('--key <file>', 'PEM of the key of --cert')
    .option('--insecure', 'take any certificate, and send the password over plain HTTP if asked to', false)
    .option(
      '--interop <namespace>',
      `namespace with the subscriptions; tried unless told: ${interopNamespaces.join(', ')}`,
      namespace,
    )
    .option('--timeout <seconds>', 'longest wait for each answer', seconds, 30);

  wbem
    .command('subscribe')
    .summary('let a CIM server send its indications to a listener')
    .description(
      'Makes a destination, filters and subscriptions on a CIM server. What is there already is left as it is, so that it may be run again; what is there and differs is told, and replaced with --replace.',
    )
    .argument('<server>', SERVER)
    .argument(
      '<listener>',
      'URL of the WBEM listener as the CIM server reaches it; the path names the source',
    )
    .addOption(program.createOption('--for <set>', 'what to subscribe to').choices(setNames))
    .option('--listener-user <name>', 'user that the CIM server shows to the listener')
    .addOption(
      program.createOption('--listener-password <text>').env('CADF_WBEM_LISTENER_PASSWORD').hideHelp(),
    )
    .option('--listener-password-file <file>', 'file with the password of --listener-user in its first line')
    .addOption(
      program
        .createOption('--query <query>', 'subscribe to a query of your own; may be repeated')
        .argParser(append)
        .default(NONE, 'none'),
    )
    .option('--query-language <name>', 'of the filters: WQL, CIM:CQL or DMTF:CQL', xmlText, 'WQL')
    .addOption(
      program
        .createOption('--namespace <namespace>', 'where the indications arise; may be repeated')
        .argParser(appendNamespace)
        .default(NONE, 'of the set, or root/cimv2'),
    )
    .option('--name <name>', 'tells these subscriptions from others on the same server', ownName, 'default')
    .option(
      '--system-name <name>',
      'SystemName of what is made, where the server does not say its own',
      xmlText,
    )
    .option('--replace', 'replace what is there and differs, and enable what is disabled', false)
    .option('--dry-run', 'only read; print the CIM-XML of each change instead of sending it', false)
    .addHelpText('after', `${SETS}${EXIT_STATUS}`)
    .action(async (server, listener, own, command) => {
      refusePassword(command);
      if (command.getOptionValueSource('listenerPassword') === 'cli')
        command.error(`error: ${ON_COMMAND_LINE} CADF_WBEM_LISTENER_PASSWORD or --listener-password-file`);
      if (own.for === undefined && own.query.length === 0)
        command.error('error: name what to subscribe to: --for <set> or --query <query>');
      context.end(await runSubscribe({ server, listener, ...command.optsWithGlobals() }, context));
    });

  wbem
    .command('list')
    .summary('show the subscriptions of a CIM server')
    .description('Shows the subscriptions that cadf made on a CIM server, and their state.')
    .argument('<server>', SERVER)
    .option('--all', 'also those that others made', false)
    .option('--json', 'one JSON object per subscription', false)
    .action(async (server, _own, command) => {
      refusePassword(command);
      context.end(await runList({ server, ...command.optsWithGlobals() }, context));
    });

  wbem
    .command('unsubscribe')
    .summary('take back what subscribe made')
    .description(
      'Removes the subscriptions, filters and the destination that `cadf wbem subscribe` made under a name. Nothing of others is touched.',
    )
    .argument('<server>', SERVER)
    .option('--name <name>', 'the name given to subscribe', ownName, 'default')
    .option('--dry-run', 'only read; print the CIM-XML of each change instead of sending it', false)
    .action(async (server, _own, command) => {
      refusePassword(command);
      context.end(await runUnsubscribe({ server, ...command.optsWithGlobals() }, context));
    });
};

/** Everyone on the machine can read command lines, and shells keep them. */
function refusePassword(command: {
  readonly getOptionValueSourceWithGlobals: (key: 'password') => string | undefined;
  readonly error: (message: string) => never;
}): void {
  if (command.getOptionValueSourceWithGlobals('password') === 'cli')
    command.error(`error: ${ON_COMMAND_LINE} CADF_WBEM_PASSWORD or --password-file`);
}

const ON_COMMAND_LINE = 'a password does not go on the command line: use';

function append(text: string, before: readonly string[]): string[] {
  return [...before, xmlText(text.trim())];
}

function xmlText(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must not be empty.');
  if (!isXmlText(text)) throw new InvalidArgumentError('It has a character that XML cannot carry.');
  return text;
}

function appendNamespace(text: string, before: readonly string[]): string[] {
  return [...before, namespace(text)];
}

function namespace(text: string): string {
  const parts = text.split('/').filter((part) => part !== '');
  if (parts.length === 0 || text.length > 200 || !parts.every((part) => /^[\w.-]+$/.test(part)))
    throw new InvalidArgumentError(`It must be like root/cimv2, not ${visible(text.slice(0, 60))}.`);
  return parts.join('/');
}

function ownName(text: string): string {
  if (!/^[\w.-]{1,64}$/.test(text))
    throw new InvalidArgumentError('It must be 1 to 64 letters, digits, dots, hyphens or underscores.');
  return text;
}

function seconds(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('It must be 1 to 999.');
  return Number(text);
}
