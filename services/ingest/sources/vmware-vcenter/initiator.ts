/** Who a user name of vSphere's is: a person, a service of VMware's own, or somebody a host acts for. */
import { qualifiedId, unknownInitiator, user } from '../../src/normalize/resources.ts';
import type { Resource } from '@cadf-pipeline/cadf-model';

export interface NamedUser {
  readonly initiator: Resource;
  /** The account through which a named person acts: vCenter's own on a host. */
  readonly mediator?: string;
}

export interface UserOrigin {
  /** vCenter or host the name is known to. */
  readonly scope: string;
  readonly name: string | undefined;
  readonly address?: string | undefined;
  readonly agent?: string | undefined;
}

/** Solution users and extensions; the account vCenter keeps on hosts; machine accounts. */
const SERVICE =
  /^(?:com\.vmware\.|vpxd-|vsphere-webclient|vsphere-ui|machine-[0-9a-f-]{8}|vpxuser$|vmware-|vSphere-|[A-Za-z0-9_.-]{0,64}\$$|[A-Za-z.-]{1,64}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$)/;
const MEDIATED = 'vpxuser:';

export function namedUser({ scope, name, address, agent }: UserOrigin): NamedUser {
  if (name === undefined || name === '' || name === 'None' || name === '<unset>')
    return { initiator: unknownInitiator(address) };
  if (name.startsWith(MEDIATED) && name.length > MEDIATED.length) {
    const { initiator } = namedUser({ scope, name: name.slice(MEDIATED.length), address, agent });
    return { initiator, mediator: 'vpxuser' };
  }
  const person = user({ scope, name, address, agent });
  const account = name.slice(name.lastIndexOf('\\') + 1).replace(/@[A-Za-z0-9.-]{1,255}$/, '');
  if (!SERVICE.test(account)) return { initiator: person };
  return { initiator: { ...person, id: qualifiedId(scope, 'service', name), typeURI: 'service/compute' } };
}
