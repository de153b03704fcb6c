/** Normalizes files one after the other and says how each record ended, in memory that does not grow with them. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { exitStatus, InputError, openInput, visible } from '@cadf-pipeline/cli';
import type { CommandContext, ExitStatus } from '@cadf-pipeline/cli';
import { createAutoSource } from '../auto/auto-source.ts';
import { TimeZoneError } from '../normalize/local-clock.ts';
import { loadSources } from '../source-registry.ts';
import { readerOutcome } from '../source.ts';
import type { Normalizer, Outcome, Source } from '../source.ts';
import { explain } from './explain.ts';
import { fileRecords } from './file-records.ts';
import { createProgress } from './progress.ts';
import { addOutcome, jsonSummary, newTally, textSummary } from './tally.ts';

export interface NormalizeOptions {
  /** A source type, or `auto`. */
  readonly type: string;
  /** Name of the source instance. */
  readonly source: string;
  readonly host?: string | undefined;
  readonly option: Readonly<Record<string, string>>;
  readonly explain: boolean;
  readonly jsonSummary: boolean;
  readonly maxDeadLetters: number;
  readonly quiet: boolean;
}

type Streams = Pick<CommandContext, 'stdin' | 'stdout' | 'stderr' | 'isTerminal'>;

/** Answers `unusable` for a type that is none and when a file could not be read. `-` is stdin. */
export async function normalizeFiles(
  files: readonly string[],
  options: NormalizeOptions,
  streams: Streams,
): Promise<ExitStatus> {
  const { stderr, stdout } = streams;
  const sources = await loadSources();
  const source = options.type === 'auto' ? createAutoSource(sources.all) : sources.get(options.type);
  if (source === undefined) {
    await stderr.write(`cadf: there is no type ${visible(options.type)}; \`cadf sources\` lists them\n`);
    return exitStatus.unusable;
  }
  const tally = newTally();
  let shown = 0;
  let unreadable = 0;

  async function tell(file: string, outcomes: readonly Outcome[], of: Source): Promise<void> {
    for (const outcome of outcomes) {
      addOutcome(tally, outcome);
      if (outcome.kind === 'event') await stdout.write(`${JSON.stringify(outcome.event)}\n`);
      if (options.explain) await stderr.write(explain(file, outcome, of, (id) => sources.get(id)));
      else if (outcome.kind === 'dead-letter' && !options.quiet && shown < options.maxDeadLetters) {
        shown += 1;
        await stderr.write(explain(file, outcome, of, (id) => sources.get(id)));
      }
    }
  }

  for (const file of files) {
    const name = file === '-' ? '<stdin>' : file;
    try {
      await normalizeFile(file, name, source, options, streams, tell);
    } catch (error) {
      if (!(error instanceof InputError) && !(error instanceof TimeZoneError)) throw error;
      unreadable += 1;
      await stdout.flush();
      await stderr.write(`cadf: ${visible(name)}: ${visible(error.message)}\n`);
    }
  }
  if (!options.quiet) {
    if (tally.deadLettered > shown && !options.explain)
      await stderr.write(`${tally.deadLettered - shown} dead-lettered records are not shown\n`);
    await stderr.write(textSummary(tally));
  }
  if (options.jsonSummary) await stderr.write(jsonSummary(tally));
  return unreadable > 0 ? exitStatus.unusable : exitStatus.ok;
}

/** One file is one stream: what waits for later records is given out at its end. */
async function normalizeFile(
  file: string,
  name: string,
  source: Source,
  options: NormalizeOptions,
  { isTerminal, stderr, stdin }: Streams,
  tell: (file: string, outcomes: readonly Outcome[], of: Source) => Promise<void>,
): Promise<void> {
  const facts = file === '-' ? undefined : await stat(file).catch(() => undefined);
  const progress = createProgress(name, facts?.size, stderr, isTerminal && !options.quiet);
  const normalizer: Normalizer = source.createNormalizer({
    sourceName: options.source,
    options: options.option,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(file === '-' ? {} : { file: basename(file) }),
  });
  const chunks = openInput(file, stdin, (bytes) => progress.read(bytes));
  // Logs that are read later than they were written: a year that is missing is the file's, not this one.
  const receivedMs = facts?.isFile() === true ? Math.floor(facts.mtimeMs) : Date.now();
  for await (const record of fileRecords(chunks, source.describe.framings, receivedMs)) {
    const outcome = readerOutcome(record);
    await tell(name, outcome === undefined ? normalizer.push(record) : [outcome], source);
    progress.records(1);
  }
  await tell(name, normalizer.flush(), source);
  await progress.end();
}
