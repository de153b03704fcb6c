/**
 * Secrets of subscriptions at rest: AES-256-GCM. The control stream and its backups hold the sealed text alone; the key is
 * made of the bootstrap key, so after another one was set the old texts open no more and the secrets have to be made anew.
 */
import { openText, sealText, Secret } from '@cadf-pipeline/service-kit';

export interface SecretBox {
  /** `context` says what the secret is of; it opens under the same only, so that none can be put in another's place. */
  seal(secret: Secret, context: string): string;
  /** Undefined where it was not sealed with this key for this context. */
  open(sealed: string, context: string): Secret | undefined;
}

/** What `signingSecret` of the host is asked for. */
export const SECRETS_PURPOSE = 'subscription secrets';

/** `key`: 32 bytes, `signingSecret(SECRETS_PURPOSE)`. */
export function createSecretBox(key: Buffer): SecretBox {
  return {
    seal: (secret, context) => sealText(key, secret.reveal(), context),
    open(sealed, context) {
      const text = openText(key, sealed, context);
      return text === undefined ? undefined : new Secret(text);
    },
  };
}
