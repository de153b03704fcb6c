/** `cadf normalize`: what the pipeline would make of raw logs, without a pipeline. */
import { InvalidArgumentError } from '@cadf-pipeline/cli';
import type { DefineCommand } from '@cadf-pipeline/cli';
import { normalizeFiles } from '../normalize-files/normalize-files.ts';

const DEFAULT_DEAD_LETTERS_SHOWN = 20;

export const defineCommand: DefineCommand = (program, context) => {
  program
    .command('normalize')
    .summary('turn raw logs into CADF events')
    .description(
      'Reads raw logs (plain, gzip or zstd), prints the CADF events they become as NDJSON, and counts on standard error how every record ended. Nothing is sent anywhere.',
    )
    .argument('<file...>', 'files to read; - is standard input')
    .option('-t, --type <type>', 'what the files are: a type of `cadf sources`, or auto', 'auto')
    .option('--source <name>', 'name of the source, part of ids where records name no host', 'cli')
    .option('--host <name>', 'machine the records come from, where they do not tell')
    .option(
      '-o, --option <name=value>',
      'a setting of the source type, such as timezone=Europe/Berlin',
      addOption,
      {},
    )
    .option(
      '--explain',
      'show on standard error which rule and which part of the record each member is from',
      false,
    )
    .option('--json-summary', 'make the last line on standard error the counts, as one JSON object', false)
    .option(
      '--max-dead-letters <n>',
      'most dead letters shown; all are counted',
      wholeNumber,
      DEFAULT_DEAD_LETTERS_SHOWN,
    )
    .option('-q, --quiet', 'show on standard error only what could not be read, and the JSON summary', false)
    .addHelpText(
      'after',
      '\nExit status: 0 all files were read, whatever their records became; 2 wrong usage or a file that cannot be read.',
    )
    .action(async (files, options, command) => {
      if (files.filter((file) => file === '-').length > 1)
        command.error('error: standard input (-) can be read once only');
      context.end(await normalizeFiles(files, options, context));
    });
};

function addOption(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It must be name=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
}
