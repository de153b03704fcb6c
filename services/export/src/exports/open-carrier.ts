/** Opens the destination of an export with its secrets. */
import { createBucketPlace, createDirectoryPlace } from '@cadf-pipeline/file-places';
import type { GuardedHttp } from '@cadf-pipeline/guarded-http';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { Secret } from '@cadf-pipeline/service-kit';
import type { ExportDestination } from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { exportErrors } from '../errors.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { createPlaceCarrier, DEFAULT_REGION, eventDayName, plainName } from './destination.ts';
import type { OpenCarrier } from './destination.ts';
import type { DestinationRules } from './destination-rules.ts';
import { createHttpCarrier } from './http-carrier.ts';
import { destinationContext } from './new-export.ts';

export interface OpenCarrierDependencies {
  readonly box: SecretBox;
  readonly rules: DestinationRules;
  readonly http: () => GuardedHttp;
}

const credentials = Compile(
  Type.Object({ secretAccessKey: Type.String(), sessionToken: Type.Optional(Type.String()) }),
);

/** What it answers throws EXPORT_DESTINATION where the secrets cannot be opened any more. */
export function createOpenCarrier({ box, http, rules }: OpenCarrierDependencies): OpenCarrier {
  function opened(id: string, sealed: string): Secret {
    const found = box.open(sealed, destinationContext(id));
    if (found !== undefined) return found;
    throw new ProblemError(exportErrors.EXPORT_DESTINATION, {
      detail:
        'Its credentials cannot be opened: they were sealed under another bootstrap key. Ask for it again.',
    });
  }

  function openBucket(destination: Extract<ExportDestination, { type: 's3' }>, id: string) {
    const { accessKeyId, bucket, credentials: sealed, endpoint, pathStyle, prefix, region } = destination;
    const told: unknown = JSON.parse(opened(id, sealed).reveal());
    if (!credentials.Check(told)) throw new Error('what was sealed are no credentials of a bucket');
    return createBucketPlace({
      bucket,
      region: region ?? DEFAULT_REGION,
      rules: rules.addresses,
      credentials: { accessKeyId, ...told },
      ...(prefix === undefined ? {} : { prefix }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(pathStyle === undefined ? {} : { pathStyle }),
    });
  }

  return (destination, id) => {
    switch (destination.type) {
      case 'download':
        return undefined;
      case 'directory': {
        const place = createDirectoryPlace({ path: destination.path, roots: rules.directories });
        return createPlaceCarrier(place, (file) => plainName(id, file));
      }
      case 's3':
        return createPlaceCarrier(openBucket(destination, id), (file) => eventDayName(destination, id, file));
      case 'http': {
        const token = destination.credentials === undefined ? undefined : opened(id, destination.credentials);
        const urlOf = (name: string): URL =>
          new URL(destination.url.replaceAll('{name}', encodeURIComponent(name)));
        const target = { method: 'POST', urlOf } as const;
        return createHttpCarrier(http(), target, id, token);
      }
    }
  };
}
