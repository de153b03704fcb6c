/** What a token lets its bearer do here: the rules of Hermes' policy (sapcc/hermes etc/policy.json). */
import type { Principal } from '@cadf-pipeline/service-kit';
import type { ProjectName } from './keystone-settings.ts';
import type { TokenFacts } from './token-answer.ts';

export interface TokenRules {
  /** Roles that see the project or domain of their token. */
  readonly viewerRoles: readonly string[];
  /** Roles that see all. */
  readonly clusterRoles: readonly string[];
  /** A token for this project sees all, too. */
  readonly clusterProject?: ProjectName;
}

/** It may read and nothing else; one that may see nothing has no role at all. */
export function principalOfToken(facts: TokenFacts, rules: TokenRules): Principal {
  const names = new Set((facts.roles ?? []).map(({ name }) => name));
  const seesAll = rules.clusterRoles.some((role) => names.has(role)) || isOf(facts, rules.clusterProject);
  const isViewer = rules.viewerRoles.some((role) => names.has(role));
  const home = facts.project?.id ?? facts.domain?.id;
  const tenants = seesAll ? '*' : isViewer && home !== undefined ? [home] : [];
  return Object.freeze({
    kind: 'keystone',
    // No API key has an id like it.
    id: `keystone:${facts.user.id}`,
    name: facts.user.name,
    roles: new Set(seesAll || tenants.length > 0 ? (['query'] as const) : []),
    tenants,
    ...(home === undefined ? {} : { home }),
    expiresMs: facts.expiresMs,
  });
}

function isOf({ project }: TokenFacts, wanted: ProjectName | undefined): boolean {
  return (
    wanted !== undefined &&
    project !== undefined &&
    project.name === wanted.project &&
    project.domain.name === wanted.domain
  );
}
