/**
 * What is wrong with certificates and keys, told when they are written. OpenSSL passes over authorities that it cannot
 * read, and would then believe nobody without saying why.
 */
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ProblemFault } from '@cadf-pipeline/service-kit';

export interface PemTexts {
  /** Authorities. */
  readonly ca?: string;
  /** With its chain. */
  readonly cert?: string;
  /** Of `cert`. */
  readonly key?: string;
}

const BEGIN = '-----BEGIN CERTIFICATE-----';

/** Faults of the members of `path`, such as `body/tls`; what the PEM texts hold is in none. */
export function pemFaults(path: string, { ca, cert, key }: PemTexts): readonly ProblemFault[] {
  const faults = [...certificateFaults(`${path}/ca`, ca), ...certificateFaults(`${path}/cert`, cert)];
  if ((cert === undefined) !== (key === undefined))
    faults.push({ path, message: '`cert` and `key` go together' });
  if (faults.length > 0 || cert === undefined || key === undefined) return faults;
  try {
    createSecureContext({ cert, key });
    return [];
  } catch {
    return [
      {
        path: `${path}/key`,
        message: 'is to be the private key of `cert` as PEM, not encrypted by a passphrase',
      },
    ];
  }
}

/** Each of several certificates is looked at. */
function certificateFaults(path: string, text: string | undefined): ProblemFault[] {
  if (text === undefined) return [];
  const [, ...blocks] = text.split(BEGIN);
  return blocks.length > 0 && blocks.every((block) => isCertificate(BEGIN + block))
    ? []
    : [{ path, message: `is to be PEM: certificates, each from ${BEGIN} to its end` }];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== null;
  } catch {
    return false;
  }
}
