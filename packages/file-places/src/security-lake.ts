/** Names of files as Amazon Security Lake wants them of custom sources, so that its tables find them by partition. */
import { FilePlaceError } from './file-place-error.ts';

export interface SecurityLakePartition {
  /** Name of the custom source: 1 to 20 letters, digits, `-` and `_`. */
  readonly source: string;
  /** Such as `eu-central-1`; for what is not of AWS a word of one's own of the same form. */
  readonly region: string;
  /** AWS account id (12 digits), or `external`-like word for accounts of other clouds. */
  readonly account: string;
  /** Milliseconds since 1970 UTC; its day in UTC counts. */
  readonly dayMs: number;
}

/**
 * `ext/<source>/region=<region>/accountId=<account>/eventDay=<YYYYMMDD>/<file>`
 * (Amazon Security Lake User Guide, "Collecting data from custom sources": partitioning requirements).
 */
export function securityLakeName(partition: SecurityLakePartition, file: string): string {
  const { source, region, account, dayMs } = partition;
  word('source', source, /^[\w-]{1,20}$/);
  word('region', region, /^[a-z0-9-]{1,40}$/);
  word('account', account, /^[\w-]{1,64}$/);
  const day = new Date(dayMs).toISOString().slice(0, 10).replaceAll('-', '');
  return `ext/${source}/region=${region}/accountId=${account}/eventDay=${day}/${file}`;
}

function word(what: string, text: string, form: RegExp): void {
  if (!form.test(text))
    throw new FilePlaceError(
      'name',
      `The ${what} ${JSON.stringify(text.slice(0, 100))} does not fit ${form.source}.`,
    );
}
