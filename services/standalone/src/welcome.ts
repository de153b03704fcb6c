import type { RunningService } from '@cadf-pipeline/service-host';

/**
 * What a person sees at start. The administrator key is shown once, when it was made; later its file is named.
 * Goes to standard error: standard output is the log.
 */
export function welcome({ url, bootstrapKey }: RunningService): string {
  const { token, file, created } = bootstrapKey;
  const key = created ? token.reveal() : file === undefined ? '$CADF_BOOTSTRAP_KEY' : `$(cat ${file})`;
  const about = created
    ? `Administrator key (shown this once; kept in ${file}, readable by you alone):\n\n  ${key}\n`
    : `Administrator key: ${file === undefined ? 'as set in CADF_BOOTSTRAP_KEY' : `in ${file}`}.\n`;
  return `
CADF pipeline listening on ${url}

${about}
Submit an event:

  curl -sS ${url}/cadf/v1/events -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" -d '${EXAMPLE}'

Read it back:

  curl -sS ${url}/cadf/v1/events -H "Authorization: Bearer ${key}"

`;
}

const EXAMPLE = JSON.stringify({
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id: '6f9d2b57-4a3c-4f0e-9c1d-0b7a5a1e2c34',
  eventType: 'activity',
  eventTime: '2026-11-01T12:00:00.000+00:00',
  action: 'start',
  outcome: 'success',
  initiator: {
    id: 'a1f7c2d0-5b1e-4b65-8c4e-7d1f00c0ffee',
    typeURI: 'data/security/account/user',
    name: 'ada',
  },
  target: { id: '0c2f4c0e-95a5-4c55-9a0c-3b1de1f2a7b9', typeURI: 'compute/machine', name: 'db01' },
  observer: { id: 'c2b1a0f9-8e7d-4c6b-a594-837261504938', typeURI: 'service/compute', name: 'compute' },
});
