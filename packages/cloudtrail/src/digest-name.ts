/**
 * Names of digest files: `[PREFIX/]AWSLogs/[ORGANIZATION/]ACCOUNT/CloudTrail-Digest/REGION/YYYY/MM/DD/` and
 * `ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOMEREGION_YYYYMMDDTHHMMSSZ.json.gz` (AWS CloudTrail User Guide, "Digest file
 * location"). Before `.json` there may be `_backfill`: digests that were made later, for log files that had none; they are a
 * chain of their own.
 */

export interface DigestName {
  readonly name: string;
  /** Digests of one trail, account and region; they name one another. */
  readonly chain: string;
  /** Before `CloudTrail-Digest/`; log files of the account are beside it. */
  readonly base: string;
  readonly account: string;
  readonly region: string;
  /** When the hour it is about ended, milliseconds since 1970 UTC. */
  readonly endMs: number;
  readonly isBackfill: boolean;
}

const NAME =
  /^(?<base>(?:.{0,900}\/)?(?<account>\d{12})\/)CloudTrail-Digest\/(?<region>[a-z0-9-]{1,40})\/\d{4}\/\d{2}\/\d{2}\/(?<file>\d{12}_CloudTrail-Digest_[A-Za-z0-9._-]{1,300})_(?<end>\d{8}T\d{6}Z)(?<backfill>_backfill)?\.json(?:\.gz)?$/;
const LOG_FOLDER = /^(?:.{0,900}\/)?\d{12}\/CloudTrail\/[a-z0-9-]{1,40}\//;
const LOG_TIME = /_(?<end>\d{8}T\d{4})Z_[^/]{1,80}\.json(?:\.gz)?$/;

/** Undefined where it is no name of a digest file. */
export function readDigestName(name: string): DigestName | undefined {
  const found = name.length > 1024 ? undefined : NAME.exec(name)?.groups;
  const { base, account, region, file, end, backfill = '' } = found ?? {};
  if (
    base === undefined ||
    account === undefined ||
    region === undefined ||
    file === undefined ||
    end === undefined
  )
    return undefined;
  return {
    name,
    chain: `${base}${file}${backfill}`,
    base,
    account,
    region,
    endMs: timeOf(end),
    isBackfill: backfill !== '',
  };
}

/** The chain that a digest file belongs to; undefined where it is none. */
export function chainOf(name: string): string | undefined {
  return readDigestName(name)?.chain;
}

/** The folder of a region's log files that the file is in; undefined where it is no log file. */
export function logFolderOf(name: string): string | undefined {
  if (name.length > 1024 || logFileTime(name) === undefined) return undefined;
  return LOG_FOLDER.exec(name)?.[0];
}

/** Until when a log file reaches by its name, milliseconds since 1970 UTC; undefined where it is no log file. */
export function logFileTime(name: string): number | undefined {
  const end = LOG_TIME.exec(name.slice(-200))?.groups?.['end'];
  return end === undefined ? undefined : timeOf(`${end}00Z`);
}

/** `20261120T150000Z`. */
function timeOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
