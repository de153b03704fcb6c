/** What the API document shows of each kind of thing: as it is sent, and as it is answered. */
const VERSION = 1_793_534_400_000;

export interface EntityExample {
  /** The body that makes it. */
  readonly body: Readonly<Record<string, unknown>> & { readonly id: string };
  /** The answer that shows it. */
  readonly view: Readonly<Record<string, unknown>>;
}

function shown(body: EntityExample['body']): EntityExample {
  return { body, view: { ...body, version: VERSION } };
}

export const tenantExample = shown({
  id: 'project-a',
  name: 'Project A',
  description: 'The shop of department A',
});

export const sourceExample = shown({
  id: 'kvm-1',
  type: 'libvirt-audit',
  name: 'KVM host 1',
  tenants: ['project-a'],
  follow: { path: '/var/log/audit/audit.log', start: 'beginning' },
  silentAfterSeconds: 3600,
});

export const ruleExample = shown({
  id: 'initiator-project',
  path: 'initiator/project_id',
  why: 'OpenStack services name the project of the caller here',
});

const key = { id: 'auditor-a', name: 'Auditor of project A', roles: ['query'], tenants: ['project-a'] };
export const keyExample: EntityExample = {
  body: key,
  view: { ...key, created: '2026-11-01T12:00:00.000Z', version: VERSION },
};
