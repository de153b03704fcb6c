/** How a client proves to a provider who it is. */
import type { Secret } from '@cadf-pipeline/service-kit';

/** Secrets come from settings; a source names them and never holds them. */
export type CimiAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: Secret }
  | { readonly kind: 'bearer'; readonly token: Secret }
  /** PEM. */
  | { readonly kind: 'certificate'; readonly certificate: string; readonly key: Secret };

export function authorizationOf(auth: CimiAuth): string | undefined {
  if (auth.kind === 'bearer') return `Bearer ${auth.token.reveal()}`;
  if (auth.kind !== 'basic') return undefined;
  return `Basic ${Buffer.from(`${auth.user}:${auth.password.reveal()}`, 'utf8').toString('base64')}`;
}
