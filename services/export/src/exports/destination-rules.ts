/** Which destinations this deployment lets exports have. */
import { faultOfBucket, faultOfDirectory } from '@cadf-pipeline/file-places';
import { faultOfUrl } from '@cadf-pipeline/guarded-http';
import type { AddressRules } from '@cadf-pipeline/guarded-http';
import { DEFAULT_REGION } from './destination.ts';
import { invalid } from './new-export.ts';
import type { NewDestination } from './new-export.ts';

export interface DestinationRules {
  /** Directories that files may be put at or below, absolute. */
  readonly directories: readonly string[];
  readonly addresses: AddressRules;
}

/** Throws EXPORT_INVALID. */
export function requireAllowed(destination: NewDestination | undefined, rules: DestinationRules): void {
  const fault = destination === undefined ? undefined : faultOfDestination(destination, rules);
  if (fault !== undefined) throw invalid(`/destination/${fault.member}`, fault.message);
}

/** Which member of it is wrong, and why. */
export function faultOfDestination(
  destination: NewDestination,
  { addresses, directories }: DestinationRules,
): { readonly member: string; readonly message: string } | undefined {
  switch (destination.type) {
    case 'download':
      return undefined;
    case 'directory': {
      if (directories.length === 0)
        return { member: 'path', message: 'this deployment allows none (CADF_EXPORT_DIRECTORIES)' };
      const message = faultOfDirectory(destination.path, directories);
      return message === undefined ? undefined : { member: 'path', message };
    }
    case 's3': {
      const { accessKeyId, account, layout, region, secretAccessKey, sessionToken, ...rest } = destination;
      if (account !== undefined && layout !== 'event-day')
        return { member: 'account', message: 'is of the layout `event-day`' };
      const credentials = {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
      };
      return faultOfBucket({ ...rest, region: region ?? DEFAULT_REGION, credentials, rules: addresses });
    }
    case 'http': {
      const message = faultOfUrl(destination.url, addresses, {
        example: 'https://peer.example/files',
        proof: 'write `token`',
      });
      return message === undefined ? undefined : { member: 'url', message };
    }
  }
}
