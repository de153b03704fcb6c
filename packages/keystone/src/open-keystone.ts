import { readFileSync } from 'node:fs';
import type { KeystoneConfig } from './keystone-settings.ts';
import { readKeystoneUrl, readProject } from './keystone-settings.ts';
import { createKeystoneVerifier } from './keystone-verifier.ts';
import type { KeystoneVerifier } from './keystone-verifier.ts';

/** The Keystone that the settings name; undefined: they name none. Throws where the file of the authority cannot be read. */
export function openKeystone(config: KeystoneConfig): KeystoneVerifier | undefined {
  const url = config.CADF_KEYSTONE_URL === undefined ? undefined : readKeystoneUrl(config.CADF_KEYSTONE_URL);
  if (url === undefined) return undefined;
  const {
    CADF_KEYSTONE_CA: authority,
    CADF_KEYSTONE_USERNAME: name,
    CADF_KEYSTONE_PASSWORD: password,
    CADF_KEYSTONE_PROJECT: project,
  } = config;
  const clusterProject = readProject(config.CADF_KEYSTONE_CLUSTER_PROJECT ?? '');
  return createKeystoneVerifier({
    url,
    timeoutMs: config.CADF_KEYSTONE_TIMEOUT,
    cacheMs: config.CADF_KEYSTONE_CACHE,
    rules: {
      viewerRoles: config.CADF_KEYSTONE_VIEWER_ROLES,
      clusterRoles: config.CADF_KEYSTONE_CLUSTER_ROLES,
      ...(clusterProject === undefined ? {} : { clusterProject }),
    },
    ...(authority === undefined ? {} : { authorities: readFileSync(authority, 'utf8') }),
    ...(name === undefined || password === undefined
      ? {}
      : {
          user: {
            name,
            password,
            domain: config.CADF_KEYSTONE_USER_DOMAIN,
            ...(project === undefined
              ? {}
              : { project: { project, domain: config.CADF_KEYSTONE_PROJECT_DOMAIN } }),
          },
        }),
  });
}
