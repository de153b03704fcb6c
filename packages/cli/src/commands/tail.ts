/** `cadf tail`: events as they happen. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { DefineCommand } from '../command.ts';
import { toInputError } from '../input/input-error.ts';
import { tailEvents } from '../tail/tail-events.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080';

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
    .addOption(
      new Option('--url <url>', 'where the service is')
        .env('CADF_URL')
        .default(DEFAULT_URL)
        .argParser(httpUrl),
    )
    .addOption(
      new Option(
        '--key <key>',
        'API key with the role query; others on this machine may see it, so better',
      ).env('CADF_KEY'),
    )
    .option('--key-file <file>', 'a file with the key in its first line')
    .addHelpText(
      'after',
      '\nExit status: 0 interrupted, 2 wrong usage or refused by the service, 141 whoever read the output went away.',
    )
    .action(async ({ key: given, keyFile, color, ...options }, command) => {
      const key = keyFile === undefined ? given : firstLine(keyFile, (message) => command.error(message));
      if (key === undefined || key === '') {
        return command.error('error: no key: set CADF_KEY, or give --key-file');
      }
      context.end(await tailEvents({ ...options, key, color: color && context.color }, context));
    });
};

function httpUrl(text: string): string {
  if (!/^https?:\/\/./.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError('It must be an http:// or https:// URL.');
  }
  return text;
}

function firstLine(file: string, fail: (message: string) => never): string {
  try {
    return (readFileSync(file, 'utf8').split('\n')[0] ?? '').trim();
  } catch (error) {
    const reason = toInputError(error);
    return fail(`error: ${file}: ${reason instanceof Error ? reason.message : String(reason)}`);
  }
}
