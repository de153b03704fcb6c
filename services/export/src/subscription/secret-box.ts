/**
 * Secrets of subscriptions at rest: AES-256-GCM. The control stream and its backups hold the sealed text alone; the key is
 * made of the bootstrap key, so after another one was set the old texts open no more and the secrets have to be made anew.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secret } from '@cadf-pipeline/service-kit';

export interface SecretBox {
  /** `context` says what the secret is of; it opens under the same only, so that none can be put in another's place. */
  seal(secret: Secret, context: string): string;
  /** Undefined where it was not sealed with this key for this context. */
  open(sealed: string, context: string): Secret | undefined;
}

/** What `signingSecret` of the host is asked for. */
export const SECRETS_PURPOSE = 'subscription secrets';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** `key`: 32 bytes, `signingSecret(SECRETS_PURPOSE)`. */
export function createSecretBox(key: Buffer): SecretBox {
  return {
    seal(secret, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(text, context) {
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      decipher.setAAD(Buffer.from(context));
      try {
        const opened = Buffer.concat([
          decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)),
          decipher.final(),
        ]);
        return new Secret(opened.toString());
      } catch {
        return undefined;
      }
    },
  };
}
