/** Who did it. CIMI itself names nobody but in events of access; servers add members that do. */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { unknownInitiator, user } from '../../src/normalize/resources.ts';
import type { Cloud } from './cloud.ts';
import { fold, textOf } from './document.ts';
import type { Folded } from './document.ts';

export interface Initiator {
  readonly resource: Resource;
  /** Where it is not said, only likely: by what. */
  readonly inferredFrom?: 'access' | 'owner';
}

/** In order: who was authenticated, who asked for it by an access (a guess), who owns it (a guess), nobody. */
export function initiatorOf(members: Folded, cloud: Cloud, asked?: Resource): Initiator {
  const authenticated = fold(members.get('authninfo'));
  const id = textOf(authenticated.get('userid')) ?? textOf(authenticated.get('activeclaim'));
  if (id !== undefined) return namedInitiator(id, cloud);
  if (asked !== undefined) return { resource: asked, inferredFrom: 'access' };
  const owner = ownerOf(members.get('acl'));
  if (owner !== undefined) return { ...namedInitiator(owner, cloud), inferredFrom: 'owner' };
  return { resource: nobody(cloud) };
}

/** Somebody who is named, `ada` or `user/ada`. */
export function namedInitiator(name: string, cloud: Cloud): Initiator {
  return { resource: user({ scope: cloud.name, name: name.replace(/^user\/(?=.)/, '') }) };
}

/** The account that read the documents is where nobody is from, not who it was. */
export function nobody({ account }: Cloud): Resource {
  return account === undefined || account === ''
    ? unknownInitiator()
    : { ...unknownInitiator(), domain: account };
}

/** A person alone: a role, a group or several owners are nobody in particular. */
function ownerOf(acl: unknown): string | undefined {
  const members = fold(acl);
  const owner = fold(members.get('owner'));
  if (textOf(owner.get('type'))?.toUpperCase() === 'USER') return textOf(owner.get('principal'));
  const owners = members.get('owners');
  if (!Array.isArray(owners) || owners.length !== 1) return undefined;
  const name = textOf(owners[0]);
  return name?.startsWith('user/') === true ? name : undefined;
}
