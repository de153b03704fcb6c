/** `cadf validate`: checks events in files against a profile. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { profileNames } from '@cadf-pipeline/cadf-model';
import type { DefineCommand } from '../command.ts';
import { reportFormats } from '../validate/reports.ts';
import { validateFiles } from '../validate/validate-files.ts';

/** The same as on intake, so that a file gets the verdict it would get when it is submitted. */
const defaultProfile = 'openstack';
const defaultMaxFaults = 1000;

export const defineCommand: DefineCommand = (program, context) => {
  program
    .command('validate')
    .summary('check events in files against a profile')
    .description(
      'Checks CADF events in files: JSON (an event, a list, a Log or Report, an envelope), NDJSON or XML, plain or packed with gzip or zstd. What a file is, its content tells.',
    )
    .argument('<file...>', 'files to check; - is standard input')
    .addOption(
      new Option('-p, --profile <name>', 'rules the events must pass')
        .choices(profileNames)
        .default(defaultProfile),
    )
    .addOption(
      new Option('-f, --format <name>', 'how faults are shown').choices(reportFormats).default('text'),
    )
    .option('-q, --quiet', 'show nothing: the exit status is the answer', false)
    .option('--max-faults <n>', 'most faults shown; all are counted', wholeNumber, defaultMaxFaults)
    .addHelpText(
      'after',
      '\nExit status: 0 all events are valid, 1 there are errors, 2 wrong usage or a file that cannot be read.',
    )
    .action(async (files, options, command) => {
      if (files.filter((file) => file === '-').length > 1) {
        command.error('error: standard input (-) can be read once only');
      }
      context.end(await validateFiles(files, options, context));
    });
};

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
}
