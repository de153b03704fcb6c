/**
 * The resources of a Proxmox cluster. A guest's number is one of the whole cluster and stays when it moves to another
 * node, so guests, users and storages are qualified by the setting `cluster`, or by the node where it is not set.
 */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { qualifiedId, resource, UNKNOWN_ID, user } from '../../src/normalize/resources.ts';
import type { TargetKind } from './task-types.ts';

export interface Place {
  readonly node: string;
  /** The setting `cluster`, else the node. */
  readonly scope: string;
}

/** `root@pam`, `ci@pve!deploy`: a token is another initiator than its owner, and begins with the owner's name. */
export function account({ scope }: Place, name: string, address?: string): Resource {
  return user({ scope, name, address });
}

export function nodeOf({ node }: Place): Resource {
  return resource('compute/node', qualifiedId(node), node);
}

export function guest({ scope }: Place, number: string, typeURI = 'compute/machine'): Resource {
  return resource(typeURI, qualifiedId(scope, 'guest', number), number);
}

/** The target of a task, or of another record that names a thing by its kind and a short id. */
export function target(kind: TargetKind, place: Place, id: string): Resource {
  const { node, scope } = place;
  const named = (typeURI: string, at: string, word: string): Resource =>
    id === '' ? resource(typeURI, UNKNOWN_ID) : resource(typeURI, qualifiedId(at, word, id), id);
  // The high-availability manager calls a guest `vm:103`, `ct:104`.
  const number = id.replace(/^(?:vm|ct):/, '');
  switch (kind) {
    case 'vm':
    case 'guest':
      return id === '' ? resource('compute/machine', UNKNOWN_ID) : guest(place, number);
    case 'container':
      return id === ''
        ? resource('compute/machine/container', UNKNOWN_ID)
        : guest(place, number, 'compute/machine/container');
    case 'guest-or-node':
      return id === '' ? nodeOf(place) : guest(place, number);
    case 'guest-disk':
      return id === ''
        ? resource('storage/volume', UNKNOWN_ID)
        : resource('storage/volume', qualifiedId(scope, 'guest', number, 'volume'), number);
    case 'guest-file':
      return id === ''
        ? resource('data/file', UNKNOWN_ID)
        : resource('data/file', qualifiedId(scope, 'guest', number, 'file'), number);
    case 'node':
      return nodeOf(place);
    case 'node-network':
      return resource('network', qualifiedId(node, 'network'), node);
    case 'packages':
      return resource('data/package', qualifiedId(node, 'packages'), node);
    case 'service':
      return named('service', node, 'service');
    case 'storage':
      return named('storage/volume', scope, 'storage');
    case 'directory':
      return named('storage/directory', node, 'directory');
    case 'disk':
      return named('storage/volume', node, 'disk');
    case 'image':
      return named('data/image', scope, 'image');
    case 'ceph':
      return id === ''
        ? resource('storage/node', qualifiedId(scope, 'ceph'), 'ceph')
        : resource('storage/node', qualifiedId(scope, 'ceph', id), id);
    case 'certificate':
      return resource('data/security/credential', qualifiedId(node, 'certificate'), id === '' ? node : id);
    case 'acme-account':
      return named('data/security/account', scope, 'acme-account');
    case 'realm':
      return named('data/security/domain', scope, 'realm');
    case 'cluster':
      return resource('network/cluster', qualifiedId(scope, 'cluster'), id === '' ? scope : id);
    case 'job':
      return resource('data/workload/task', qualifiedId(node, 'job', id), id);
  }
}
