/** Links by which the files of an export can be taken for a short time, without another credential. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ExportJob } from '@cadf-pipeline/control-state';

export interface SignedLinks {
  /** What is behind the path of the export: `signed/<expires>/<signature>/`, and the name of a file. */
  sign(job: Pick<ExportJob, 'created' | 'id'>, expiresMs: number): string;
  /** Whether the link was given for this export, and still counts. */
  counts(job: Pick<ExportJob, 'created' | 'id'>, expires: string, signature: string): boolean;
}

/** `key`: 32 bytes, of this purpose alone. `now`: milliseconds since 1970 UTC. */
export function createSignedLinks(key: Buffer, now: () => number): SignedLinks {
  const signature = ({ created, id }: Pick<ExportJob, 'created' | 'id'>, expires: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([id, created, expires]))
      .digest('base64url');
  return {
    sign(job, expiresMs) {
      const expires = String(Math.ceil(expiresMs / 1000));
      return `signed/${expires}/${signature(job, expires)}/`;
    },
    counts(job, expires, given) {
      // As text: of 43 characters, four spellings are the same bytes.
      const [right, told] = [Buffer.from(signature(job, expires)), Buffer.from(given)];
      return told.length === right.length && timingSafeEqual(told, right) && Number(expires) * 1000 > now();
    },
  };
}
