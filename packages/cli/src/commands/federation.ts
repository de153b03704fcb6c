/** `cadf federation`: feeds between deployments. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { DefineCommand } from '../command.ts';
import { acceptInvitation } from '../federation/accept-invitation.ts';
import { inviteToFeed } from '../federation/invite-to-feed.ts';
import { listFederation } from '../federation/list-federation.ts';
import { givenKey, httpUrl, keyFileOption, keyOption, urlOption } from '../service/service-options.ts';

const STATUS = '\nExit status: 0 done, 2 wrong usage, or refused by a service.';

export const defineCommand: DefineCommand = (program, context) => {
  const federation = program
    .command('federation')
    .summary('give feeds of events to other deployments, and take theirs')
    .description(
      'Works with feeds between deployments (docs/federation.md). A certificate of an authority of your own is believed where NODE_EXTRA_CA_CERTS names its file.',
    );

  federation
    .command('invite')
    .summary('make an invitation to a feed')
    .description(
      'Writes an invitation to standard output, one line. Whoever has it can accept it, once: give it to the recipient by a way that nobody else reads.',
    )
    .argument('<feed>', 'the id of the feed; your key must be its owner')
    .addOption(
      new Option(
        '--at <url>',
        'where the recipient reaches this deployment, where that is not --url',
      ).argParser(httpUrl),
    )
    .option('--hours <number>', 'how long it counts', hours, 24)
    .addOption(urlOption())
    .addOption(keyOption('export'))
    .addOption(keyFileOption())
    .addHelpText('after', STATUS)
    .action(async (feed, { at, hours: valid, key: given, keyFile, url }, command) => {
      const key = givenKey({ key: given, keyFile }, (message) => command.error(message));
      context.end(await inviteToFeed({ feed, at: at ?? url, hours: valid, url, key }, context));
    });

  federation
    .command('accept')
    .summary('accept an invitation: its events come from then on')
    .description(
      'Has your own deployment accept the invitation of another: it gets a token, remembers the keys that the invitation names, and takes what they signed, again and again. Your deployment must reach the other one.',
    )
    .argument('<invitation>', 'the invitation; `-`: it is read from standard input')
    .option('--as <name>', 'name of the import, with which its sources begin')
    .option('--called <name>', 'the import for people; the provider sees it as who takes the feed')
    .option(
      '--tenant <tenant>',
      'tenant of events for which no rule finds one; may be repeated',
      several,
      [] as readonly string[],
    )
    .option('--fixed', 'all events belong to the tenants given, whatever they say', false)
    .option(
      '--every <seconds>',
      'how often new segments are looked for; else the cadence of the feed',
      seconds,
    )
    .addOption(urlOption())
    .addOption(keyOption('submit'))
    .addOption(keyFileOption())
    .addHelpText('after', STATUS)
    .action(async (invitation, { as: name, key: given, keyFile, tenant, ...options }, command) => {
      const fail = (message: string): never => command.error(message);
      if (options.fixed && tenant.length === 0) fail('error: --fixed needs --tenant');
      const key = givenKey({ key: given, keyFile }, fail);
      context.end(await acceptInvitation({ ...options, invitation, name, tenants: tenant, key }, context));
    });

  federation
    .command('list')
    .summary('show the feeds that are given and those that are taken')
    .description('Shows what the key may see: feeds of this deployment, and imports from feeds of others.')
    .option('--json', 'as the service answers it, one object per line', false)
    .addOption(urlOption())
    .addOption(keyOption('export, submit or admin'))
    .addOption(keyFileOption())
    .addHelpText('after', STATUS)
    .action(async ({ json, key: given, keyFile, url }, command) => {
      const key = givenKey({ key: given, keyFile }, (message) => command.error(message));
      context.end(await listFederation({ json, url, key }, context));
    });
};

function hours(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 720)) throw new InvalidArgumentError('It must be from 1 to 720 hours.');
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 5 && value <= 86_400))
    throw new InvalidArgumentError('It must be a whole number from 5 to 86400.');
  return value;
}

function several(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
