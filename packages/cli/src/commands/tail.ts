/** `cadf tail`: events as they happen. */
import { Option } from '@commander-js/extra-typings';
import type { DefineCommand } from '../command.ts';
import { givenKey, keyFileOption, keyOption, urlOption } from '../service/service-options.ts';
import { tailEvents } from '../tail/tail-events.ts';

export const defineCommand: DefineCommand = (program, context) => {
  program
    .command('tail')
    .summary('show events as they happen')
    .description(
      'Shows the events that the key may see as they are accepted, one line each: time, outcome, action, who, on what, and who saw it. A connection that breaks is taken up where it broke off. Ctrl-C ends, and says with which --cursor to go on.',
    )
    .option('-f, --filter <filter>', 'only events that pass, such as "outcome = \'failure\'" (docs/query.md)')
    .addOption(
      new Option('--from <time>', 'begin with the stored events of this time or later, RFC 3339').conflicts(
        'cursor',
      ),
    )
    .option('--cursor <cursor>', 'go on where an earlier one ended, with the same other options')
    .option('--tenant <tenant>', 'only events of this tenant')
    .option('--source <source>', 'only events of this source')
    .option('--json', 'the events as they are, one per line', false)
    .option('--no-color', 'no colours; so too where stdout is no terminal or NO_COLOR is set')
    .addOption(urlOption())
    .addOption(keyOption('query'))
    .addOption(keyFileOption())
    .addHelpText(
      'after',
      '\nExit status: 0 interrupted, 2 wrong usage or refused by the service, 141 whoever read the output went away.',
    )
    .action(async ({ key: given, keyFile, color, ...options }, command) => {
      const key = givenKey({ key: given, keyFile }, (message) => command.error(message));
      context.end(await tailEvents({ ...options, key, color: color && context.color }, context));
    });
};
