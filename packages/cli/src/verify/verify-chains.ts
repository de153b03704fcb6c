/** Verifies chains one after the other and reports as it goes. */
import { writeFile } from 'node:fs/promises';
import {
  KeysUnusable,
  MAX_SIGNATURE_BYTES,
  NOTHING_VERIFIED,
  PlaceUnreadable,
  VerifyFault,
  createChainVerifier,
  directoryReader,
  followRotations,
  httpReader,
  readTrustedKeys,
  verifyPlace,
} from '@cadf-pipeline/federation';
import type { ChainPoint, Fault, SegmentReader, TrustedKeys, VerifyReport } from '@cadf-pipeline/federation';
import type { CommandContext } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import type { ExitStatus } from '../exit-status.ts';
import { InputError } from '../input/input-error.ts';
import { naming, readSmallFile } from '../input/read-small-file.ts';
import { visible } from '../validate/visible.ts';
import { findChains } from './find-chains.ts';
import { verifyReports } from './verify-reports.ts';
import type { VerifyFormat } from './verify-reports.ts';

const MAX_KEY_FILE_BYTES = 1024 * 1024;

export interface VerifyCommandOptions {
  /** A file of public keys. */
  readonly key: string;
  /** A file of what the deployment publishes, with the statements by which those keys hand over to others. */
  readonly rotations?: string;
  readonly chain?: string;
  /** A signed head of an earlier verification. */
  readonly fromHead?: string;
  readonly onlyNew: boolean;
  /** Where the signed head is written when all is good. */
  readonly saveHead?: string;
  /** A file with the API key of the server, for a URL. */
  readonly apiKeyFile?: string;
  readonly format: VerifyFormat;
  readonly quiet: boolean;
}

/** Answers `unusable` when something could not be read, else `faults` when a chain has one. */
export async function verifyChains(
  place: string,
  options: VerifyCommandOptions,
  { interruption, stdout, stderr }: Pick<CommandContext, 'interruption' | 'stdout' | 'stderr'>,
): Promise<ExitStatus> {
  const show = verifyReports[options.format];
  const summary = { chains: 0, good: 0, events: 0 };
  const signal = interruption();
  try {
    const { fault, keys } = await readKeys(options);
    const isFaulty = fault !== undefined;
    const remembered =
      options.fromHead === undefined || isFaulty ? undefined : await readHead(options.fromHead, keys);
    const places = isUrl(place) ? [place] : await findChains(place);
    if (places.length > 1 && (options.chain ?? options.fromHead ?? options.saveHead) !== undefined) {
      throw new InputError(
        `${place}: there are several chains in it: name the folder of the one that is meant`,
      );
    }
    for (const each of places) {
      const reader = await openReader(each, options.apiKeyFile);
      const report: VerifyReport = isFaulty
        ? { ...NOTHING_VERIFIED, fault, final: false }
        : await verifyPlace(reader, {
            keys,
            signal,
            onlyNew: options.onlyNew,
            ...(options.chain === undefined ? {} : { chain: options.chain }),
            ...(remembered === undefined ? {} : { remembered }),
          });
      summary.chains++;
      summary.events += report.events;
      if (report.fault === undefined) summary.good++;
      // Of a URL without its query: secrets are given in those.
      if (!options.quiet) await stdout.write(show.chain(reader.description, report));
      if (report.fault === undefined && report.head !== undefined && options.saveHead !== undefined) {
        await saveHead(options.saveHead, report.head);
      }
    }
  } catch (error) {
    await stdout.flush();
    await stderr.write(`cadf: ${visible(explain(error, signal))}\n`);
    return exitStatus.unusable;
  }
  if (!options.quiet) await stdout.write(show.summary(summary));
  return summary.good === summary.chains ? exitStatus.ok : exitStatus.faults;
}

/** `fault`: one of the statements by which they hand over; nothing is good then. */
async function readKeys({
  key,
  rotations,
}: VerifyCommandOptions): Promise<{ readonly keys: TrustedKeys; readonly fault?: Fault }> {
  const keys = await usable(key, readTrustedKeys);
  if (rotations === undefined) return { keys };
  try {
    return await usable(rotations, (text) => followRotations(keys, parsed(text)));
  } catch (error) {
    if (!(error instanceof VerifyFault)) throw error;
    return { keys, fault: error.fault };
  }
}

async function usable<T>(file: string, read: (text: string) => Promise<T>): Promise<T> {
  const text = (await readSmallFile(file, MAX_KEY_FILE_BYTES)).toString();
  try {
    return await read(text);
  } catch (error) {
    if (!(error instanceof KeysUnusable)) throw error;
    throw new InputError(`${file}: ${error.message}`, { cause: error });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KeysUnusable('it is no JSON', { cause: error });
  }
}

/** A remembered head is believed only with its signature. */
async function readHead(file: string, keys: TrustedKeys): Promise<ChainPoint> {
  try {
    const { chain, manifest, sequence } = await createChainVerifier({ keys }).head(
      await readSmallFile(file, MAX_SIGNATURE_BYTES),
    );
    return { chain, sequence, manifest };
  } catch (error) {
    if (!(error instanceof VerifyFault)) throw error;
    throw new InputError(`${file}: it cannot be taken as a head: ${error.message}`, { cause: error });
  }
}

async function saveHead(file: string, head: string): Promise<void> {
  await writeFile(file, head).catch((error: unknown) => {
    throw naming(file, error);
  });
}

async function openReader(place: string, apiKeyFile: string | undefined): Promise<SegmentReader> {
  if (!isUrl(place)) return directoryReader(place);
  if (apiKeyFile === undefined) return httpReader(new URL(place));
  const key = (await readSmallFile(apiKeyFile, MAX_SIGNATURE_BYTES)).toString().split('\n')[0]?.trim() ?? '';
  return httpReader(new URL(place), { headers: { authorization: `Bearer ${key}` } });
}

function isUrl(place: string): boolean {
  return /^https?:\/\//i.test(place) && URL.canParse(place);
}

function explain(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'interrupted';
  if (error instanceof InputError || error instanceof PlaceUnreadable) return error.message;
  throw error;
}
