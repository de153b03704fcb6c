/** Checks many inputs one after the other and reports as it goes, in memory that does not grow with them. */
import type { ProfileName } from '@cadf-pipeline/cadf-model';
import type { CommandContext } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import type { ExitStatus } from '../exit-status.ts';
import { detectForm } from '../input/detect-form.ts';
import { InputError } from '../input/input-error.ts';
import { openInput } from '../input/open-input.ts';
import { readDocument } from '../input/read-document.ts';
import { checkDocument } from './check-document.ts';
import { checkLines } from './check-lines.ts';
import type { Checked } from './finding.ts';
import { reports } from './reports.ts';
import type { ReportFormat } from './reports.ts';
import { addTo, newTally } from './tally.ts';
import { visible } from './visible.ts';

export interface ValidateOptions {
  readonly profile: ProfileName;
  readonly format: ReportFormat;
  /** Show nothing; the exit status is the answer. */
  readonly quiet: boolean;
  /** Most faults shown, over all files; all are counted. */
  readonly maxFaults: number;
}

/** Answers `unusable` when a file could not be read, else `faults` when an event has errors. `-` is stdin. */
export async function validateFiles(
  files: readonly string[],
  options: ValidateOptions,
  { stdin, stdout, stderr }: Pick<CommandContext, 'stdin' | 'stdout' | 'stderr'>,
): Promise<ExitStatus> {
  const report = reports[options.format];
  const tally = newTally();
  let shown = 0;
  let notShown = 0;
  for (const file of files) {
    const name = file === '-' ? '<stdin>' : file;
    tally.files++;
    try {
      for await (const checked of checkFile(file, stdin, options.profile)) {
        addTo(tally, checked);
        for (const finding of options.quiet ? [] : checked.findings) {
          if (shown === options.maxFaults) {
            notShown++;
            continue;
          }
          shown++;
          await stdout.write(report.finding(name, finding));
        }
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      tally.unreadable++;
      await stdout.flush();
      await stderr.write(`cadf: ${visible(name)}: ${visible(error.message)}\n`);
      await stderr.flush();
    }
  }
  if (!options.quiet) await stdout.write(report.summary({ ...tally, notShown, profile: options.profile }));
  if (tally.unreadable > 0) return exitStatus.unusable;
  return tally.errors > 0 ? exitStatus.faults : exitStatus.ok;
}

async function* checkFile(
  file: string,
  stdin: CommandContext['stdin'],
  profile: ProfileName,
): AsyncGenerator<Checked> {
  const { form, chunks } = await detectForm(openInput(file, stdin), file);
  if (form === 'ndjson') yield* checkLines(chunks, profile);
  else yield checkDocument(await readDocument(chunks), form, profile);
}
