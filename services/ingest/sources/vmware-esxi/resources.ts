/** Resources of one host. Ids are local to it. */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { createSourceEvents } from '../../src/normalize/event-draft.ts';
import { UNKNOWN_ID, qualifiedId, resource, service, uriPart } from '../../src/normalize/resources.ts';
import { namedUser } from '../vmware-vcenter/initiator.ts';
import { TARGET_TYPES } from '../vmware-vcenter/target-kinds.ts';
import type { TargetKind } from '../vmware-vcenter/target-kinds.ts';

export const events = createSourceEvents(
  'vmware-esxi',
  'https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.event.Event.html',
);

/** Kinds that are the host itself, or a part there is one of. */
const OF_THE_HOST = new Set<TargetKind>(['firewall', 'network', 'policy', 'config', 'log']);

export function target(host: string, kind: TargetKind | undefined, name?: string): Resource {
  if (kind === 'node') return resource(TARGET_TYPES.node, uriPart(host), host);
  if (kind === undefined || kind === 'service') return service(host, 'hostd');
  if (name !== undefined && name !== '')
    return resource(TARGET_TYPES[kind], qualifiedId(host, kind, name), name);
  return OF_THE_HOST.has(kind)
    ? resource(TARGET_TYPES[kind], qualifiedId(host, kind))
    : resource(TARGET_TYPES[kind], UNKNOWN_ID);
}

/** Whom a line names, and through whom: `vpxuser:DOMAIN\name` is vCenter acting for name. */
export function actor(
  host: string,
  name: string | undefined,
  address?: string,
  agent?: string,
): { readonly initiator: Resource; readonly tags: readonly string[] } {
  const { initiator, mediator } = namedUser({ scope: host, name, address, agent });
  return { initiator, tags: mediator === undefined ? [] : [events.tag('mediated-by', mediator)] };
}
