/** Tokens and credentials of imports at rest: AES-256-GCM under a key that is made of the bootstrap key. */
import { openText, sealText } from '@cadf-pipeline/service-kit';

/** What `signingSecret` of the host is asked for. */
export const IMPORT_SECRETS_PURPOSE = 'import secrets';

export interface ImportSecrets {
  seal(text: string, id: string): string;
  /** Undefined where it was not sealed with this key for this import. */
  open(sealed: string, id: string): string | undefined;
}

/** `key`: 32 bytes. */
export function createImportSecrets(key: Buffer): ImportSecrets {
  const contextOf = (id: string): string => `import ${id}`;
  return {
    seal: (text, id) => sealText(key, text, contextOf(id)),
    open: (sealed, id) => openText(key, sealed, contextOf(id)),
  };
}
