/** Settings of the listener for CIM indications (CIM-XML over HTTP or HTTPS). */
import { defineConfig, isLoopback } from '@cadf-pipeline/service-kit';
import type { Config } from '@cadf-pipeline/service-kit';
import { parseListenAddress } from '../listen-address.ts';

const MINUTE_MS = 60_000;

export const wbemSettings = defineConfig({
  CADF_WBEM_PORT: {
    type: 'string',
    unit: 'host:port, or a port of loopback',
    description:
      'Where CIM servers export indications to (DSP0200), over HTTPS where CADF_WBEM_TLS_CERT is set. Unset: nowhere. The path of the destination names the source (`/hypervisors-a`, also behind one segment: `/CIMListener/hypervisors-a`).',
    relation: 'beyond loopback it needs CADF_WBEM_TLS_CERT, or CADF_WBEM_ALLOW_INSECURE=true',
  },
  CADF_WBEM_TLS_CERT: {
    type: 'string',
    unit: 'path of a PEM file',
    description: 'Certificate of the listener for indications, and its chain.',
    relation: 'together with CADF_WBEM_TLS_KEY',
  },
  CADF_WBEM_TLS_KEY: {
    type: 'string',
    unit: 'path of a PEM file',
    description: 'Key of that certificate.',
    relation: 'together with CADF_WBEM_TLS_CERT',
  },
  CADF_WBEM_TLS_CLIENT_CA: {
    type: 'string',
    unit: 'path of a PEM file',
    description:
      'Authority of CIM servers’ certificates: who has one of it may send for any source of type `cim-indications` or `auto` whose setting `certificates` (common names, commas between) is not set or lists it.',
    relation: 'with CADF_WBEM_TLS_CERT and `certificate` in CADF_WBEM_AUTH',
  },
  CADF_WBEM_SOURCE: {
    type: 'string',
    unit: 'id of a source',
    description:
      'Source of the path `/`. Unset: the one that the sender’s key is bound to; without one it is refused.',
  },
  CADF_WBEM_AUTH: {
    type: 'list',
    default: ['basic', 'certificate'],
    allowed: ['basic', 'certificate', 'none'],
    description:
      'How CIM servers prove themselves, any of these: `basic`: the password of HTTP Basic is an API key with the role `submit` that may use the source; `certificate`: one of CADF_WBEM_TLS_CLIENT_CA; `none`: not at all.',
    relation: '`none` stands alone, and only on loopback unless CADF_WBEM_ALLOW_INSECURE=true',
  },
  CADF_WBEM_ALLOW_INSECURE: {
    type: 'boolean',
    default: false,
    description:
      'Take indications beyond loopback without TLS or from unknown senders: only in a network that protects the traffic.',
  },
  CADF_WBEM_MAX_CONNECTIONS: {
    type: 'integer',
    default: 500,
    min: 1,
    max: 100_000,
    unit: 'connections',
    description: 'Most open connections of CIM servers; each may hold a message of CADF_MAX_EVENT in memory.',
  },
  CADF_WBEM_TIMEOUT: {
    type: 'duration',
    default: 30_000,
    min: 100,
    max: 10 * MINUTE_MS,
    description: 'Longest time a CIM server may take to send a message.',
  },
  CADF_WBEM_IDLE: {
    type: 'duration',
    default: 5 * MINUTE_MS,
    min: 100,
    max: 24 * 60 * MINUTE_MS,
    description: 'A connection without a message for so long is closed.',
  },
  CADF_WBEM_SEQUENCE_LIFETIME: {
    type: 'duration',
    default: 15 * MINUTE_MS,
    min: 100,
    max: 24 * 60 * MINUTE_MS,
    description:
      'A number missing in a sequence of indications for so long is told as an event: the sequence identifier lifetime of DSP1054, ten times the attempts (3) times their interval (30 s) of the CIM server.',
  },
});

export type WbemConfig = Config<typeof wbemSettings>;

/** What these settings must agree on; one sentence per fault. */
export function checkWbemSettings(config: WbemConfig): readonly string[] {
  const faults: string[] = [];
  const { CADF_WBEM_TLS_CERT: cert, CADF_WBEM_TLS_KEY: key, CADF_WBEM_AUTH: ways } = config;
  if ((cert === undefined) !== (key === undefined))
    faults.push('CADF_WBEM_TLS_CERT and CADF_WBEM_TLS_KEY go together: set both or neither');
  if (config.CADF_WBEM_TLS_CLIENT_CA !== undefined && cert === undefined)
    faults.push('CADF_WBEM_TLS_CLIENT_CA needs CADF_WBEM_TLS_CERT and CADF_WBEM_TLS_KEY');
  if (ways.length === 0) faults.push('CADF_WBEM_AUTH names no way; `none` lets everyone in');
  if (ways.includes('none') && ways.length > 1)
    faults.push('CADF_WBEM_AUTH has `none` beside other ways, which then mean nothing: choose');
  if (ways.length === 1 && ways[0] === 'certificate' && config.CADF_WBEM_TLS_CLIENT_CA === undefined)
    faults.push('CADF_WBEM_AUTH=certificate needs CADF_WBEM_TLS_CLIENT_CA');
  const text = config.CADF_WBEM_PORT;
  if (text === undefined) return faults;
  const address = parseListenAddress(text);
  if (address === undefined)
    faults.push(
      `CADF_WBEM_PORT is ${JSON.stringify(text)}, expected a port or host:port, such as 5990 or 0.0.0.0:5990`,
    );
  else if (!isLoopback(address.host) && !config.CADF_WBEM_ALLOW_INSECURE) {
    if (cert === undefined)
      faults.push(
        `CADF_WBEM_PORT listens on ${address.host} without TLS: set CADF_WBEM_TLS_CERT, or CADF_WBEM_ALLOW_INSECURE=true in a network that protects the traffic`,
      );
    if (ways.includes('none'))
      faults.push(
        `CADF_WBEM_AUTH=none lets everyone who reaches ${address.host} send: listen on loopback, or set CADF_WBEM_ALLOW_INSECURE=true`,
      );
  }
  return faults;
}
