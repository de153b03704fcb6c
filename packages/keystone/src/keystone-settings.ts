/** The settings that let tokens of Keystone in. */
import { defineConfig, isLoopback } from '@cadf-pipeline/service-kit';
import type { Config } from '@cadf-pipeline/service-kit';

export const keystoneSettings = defineConfig({
  CADF_KEYSTONE_URL: {
    type: 'string',
    unit: 'URL',
    description:
      'The Identity API v3 of an OpenStack Keystone, such as `https://keystone.example/v3`. Credentials that are no API keys are then verified there. Unset: only API keys count.',
    relation: 'without TLS only on loopback',
  },
  CADF_KEYSTONE_CA: {
    type: 'string',
    unit: 'path of a PEM file',
    description: 'The authority that signed Keystone’s certificate, where it is not a public one.',
    relation: 'with CADF_KEYSTONE_URL',
  },
  CADF_KEYSTONE_USERNAME: {
    type: 'string',
    description:
      'The user to ask Keystone as; it may verify tokens of others (role `service` or `admin`). Unset: each token is verified with itself, where Keystone allows that.',
    relation: 'with CADF_KEYSTONE_PASSWORD',
  },
  CADF_KEYSTONE_PASSWORD: {
    type: 'secret',
    description: 'The password of that user.',
    relation: 'with CADF_KEYSTONE_USERNAME',
  },
  CADF_KEYSTONE_USER_DOMAIN: {
    type: 'string',
    default: 'Default',
    description: 'Name of the domain of that user.',
  },
  CADF_KEYSTONE_PROJECT: {
    type: 'string',
    description: 'Name of the project that user works in. Unset: none.',
  },
  CADF_KEYSTONE_PROJECT_DOMAIN: {
    type: 'string',
    default: 'Default',
    description: 'Name of the domain of that project.',
  },
  CADF_KEYSTONE_VIEWER_ROLES: {
    type: 'list',
    unit: 'names of roles',
    default: ['audit_viewer', 'audit_admin'],
    description: 'Who has one of these sees the events of the project or domain its token is for.',
  },
  CADF_KEYSTONE_CLUSTER_ROLES: {
    type: 'list',
    unit: 'names of roles',
    default: ['cluster_viewer'],
    description: 'Who has one of these sees the events of all projects and domains.',
  },
  CADF_KEYSTONE_CLUSTER_PROJECT: {
    type: 'string',
    unit: 'domain/project, by name',
    description:
      'Whoever’s token is for this project sees all, too; the policy that comes with Hermes names `cloud_domain/cloud_admin_project`. Unset: none.',
  },
  CADF_KEYSTONE_CACHE: {
    type: 'duration',
    default: 60_000,
    max: 900_000,
    description:
      'How long an answer of Keystone is taken for true: so long a revoked token still counts. Never longer than the token is valid; `0s`: asked every time.',
  },
  CADF_KEYSTONE_TIMEOUT: {
    type: 'duration',
    default: 5000,
    min: 100,
    max: 60_000,
    description: 'How long Keystone may take to answer; past it the request is answered 503.',
  },
});

export type KeystoneConfig = Config<typeof keystoneSettings>;

/** What the settings must agree on; one sentence per fault. */
export function checkKeystoneSettings(config: KeystoneConfig): readonly string[] {
  const faults: string[] = [];
  const { CADF_KEYSTONE_URL: url, CADF_KEYSTONE_CLUSTER_PROJECT: project } = config;
  if (url !== undefined && readKeystoneUrl(url) === undefined)
    faults.push(
      'CADF_KEYSTONE_URL is no address such as https://keystone.example/v3 (without user, query or fragment; http:// only on loopback)',
    );
  if ((config.CADF_KEYSTONE_USERNAME === undefined) !== (config.CADF_KEYSTONE_PASSWORD === undefined))
    faults.push('CADF_KEYSTONE_USERNAME and CADF_KEYSTONE_PASSWORD go together: set both or neither');
  if (url === undefined && config.CADF_KEYSTONE_USERNAME !== undefined)
    faults.push('CADF_KEYSTONE_USERNAME needs CADF_KEYSTONE_URL');
  if (project !== undefined && readProject(project) === undefined)
    faults.push(
      'CADF_KEYSTONE_CLUSTER_PROJECT is not domain/project, such as cloud_domain/cloud_admin_project',
    );
  return faults;
}

/** Ends in `/v3`. Undefined for what must not be asked. */
export function readKeystoneUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return undefined;
  const isPlain = url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, ''));
  if (url.protocol !== 'https:' && !isPlain) return undefined;
  const path = url.pathname.replace(/\/$/, '');
  url.pathname = path.endsWith('/v3') ? path : `${path}/v3`;
  return url;
}

export interface ProjectName {
  readonly domain: string;
  readonly project: string;
}

export function readProject(text: string): ProjectName | undefined {
  const [domain = '', project = '', ...rest] = text.split('/');
  return domain === '' || project === '' || rest.length > 0 ? undefined : { domain, project };
}
