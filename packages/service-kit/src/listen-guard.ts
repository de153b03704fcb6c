/**
 * Where an HTTP server listens, and the refusal to do so unprotected: keys and audit events would cross the
 * network in the clear.
 */

import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';

import { ConfigError } from './load-config.ts';
import { defineConfig } from './settings.ts';
import type { Config } from './settings.ts';

/** The settings of every service that listens for HTTP; spread into its own table. */
export const listenSettings = defineConfig({
  CADF_HTTP_HOST: {
    type: 'string',
    default: '127.0.0.1',
    description: 'Address the HTTP API listens on.',
    relation: 'Beyond loopback it needs CADF_TLS_CERT and CADF_TLS_KEY, or CADF_ALLOW_INSECURE_LISTEN=true.',
  },
  CADF_HTTP_PORT: {
    type: 'integer',
    default: 8080,
    min: 0,
    max: 65_535,
    description: 'Port of the HTTP API; 0 takes a free one.',
  },
  CADF_TLS_CERT: {
    type: 'string',
    description: 'File with the server certificate and its chain, PEM.',
    relation: 'Together with CADF_TLS_KEY; the API is then served over HTTPS only.',
  },
  CADF_TLS_KEY: {
    type: 'string',
    description: 'File with the private key of the server certificate, PEM, not encrypted.',
    relation: 'Together with CADF_TLS_CERT.',
  },
  CADF_ALLOW_INSECURE_LISTEN: {
    type: 'boolean',
    default: false,
    description:
      'Listen beyond loopback without TLS: only behind a proxy or in a network that protects the traffic.',
  },
});

/** Certificate and key as PEM text. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface Listen {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsFiles;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach an address. Names other than `localhost` are taken as reachable from outside. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  const version = isIP(host);
  return version !== 0 && loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Decides whether a server may listen where the settings say, and reads the TLS files. Throws `ConfigError`
 * whose sentences say what to set.
 */
export function resolveListen(
  config: Config<typeof listenSettings>,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Listen {
  const { CADF_HTTP_HOST: host, CADF_HTTP_PORT: port, CADF_TLS_CERT: cert, CADF_TLS_KEY: key } = config;
  const faults: string[] = [];
  if ((cert === undefined) !== (key === undefined)) {
    faults.push(
      `${cert === undefined ? 'CADF_TLS_CERT' : 'CADF_TLS_KEY'} must be set too: TLS needs both files`,
    );
  }
  const tls =
    cert === undefined || key === undefined
      ? undefined
      : {
          cert: pem('CADF_TLS_CERT', cert, 'CERTIFICATE-----', readFile, faults),
          key: pem('CADF_TLS_KEY', key, 'PRIVATE KEY-----', readFile, faults),
        };
  if (faults.length === 0 && tls === undefined && !config.CADF_ALLOW_INSECURE_LISTEN && !isLoopback(host)) {
    faults.push(
      `CADF_HTTP_HOST is ${host}, which other machines can reach, and there is no TLS: set CADF_TLS_CERT and ` +
        'CADF_TLS_KEY, or CADF_HTTP_HOST=127.0.0.1, or CADF_ALLOW_INSECURE_LISTEN=true if a proxy in front does TLS',
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return tls === undefined ? { host, port } : { host, port, tls };
}

function pem(
  name: string,
  path: string,
  marker: string,
  readFile: (path: string) => string,
  faults: string[],
): string {
  try {
    const text = readFile(path);
    if (!text.includes(marker))
      faults.push(`${name} names ${path}, which holds no PEM "${marker.slice(0, -5)}"`);
    return text;
  } catch (error) {
    faults.push(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return '';
  }
}
