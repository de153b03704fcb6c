/** An authority made on the spot, and certificates of it for servers on this machine. Keys of one run, never kept. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateAuthority {
  /** Its certificate: PEM, and the file with it. */
  readonly pem: string;
  readonly file: string;
  /** Files of a certificate for `localhost`, 127.0.0.1 and ::1. `name`: of the files. */
  certify(name: string): Promise<CertificateFiles>;
}

const WEEK_MS = 7 * 86_400_000;

/** Writes `ca.pem` into the directory, which is made where there is none. */
export async function createCertificateAuthority(directory: string): Promise<CertificateAuthority> {
  mkdirSync(directory, { recursive: true });
  const shared = {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + WEEK_MS),
  } as const;
  const authority = await generate([{ name: 'commonName', value: 'CADF test authority' }], {
    ...shared,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const file = join(directory, 'ca.pem');
  writeFileSync(file, authority.cert);
  return {
    pem: authority.cert,
    file,
    async certify(name) {
      const made = await generate([{ name: 'commonName', value: 'localhost' }], {
        ...shared,
        ca: { key: authority.private, cert: authority.cert },
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'keyUsage', digitalSignature: true, critical: true },
          { name: 'extKeyUsage', serverAuth: true },
          {
            name: 'subjectAltName',
            altNames: [
              { type: 2, value: 'localhost' },
              { type: 7, ip: '127.0.0.1' },
              { type: 7, ip: '::1' },
            ],
          },
        ],
      });
      const files = { cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
      writeFileSync(files.cert, made.cert);
      writeFileSync(files.key, made.private, { mode: 0o600 });
      return files;
    },
  };
}
