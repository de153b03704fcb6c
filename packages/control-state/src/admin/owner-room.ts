/** How many things of one kind an owner may have. */
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { ErrorDefinition, Principal } from '@cadf-pipeline/service-kit';
import type { ControlState } from '../control-state.ts';

type Owned = 'export' | 'feed' | 'import' | 'query' | 'schedule' | 'subscription';

/** Makes a thing; `requireRoom` is called when it is about to be written, and throws where there are as many already. */
export type OwnerRoom = <Made>(
  owner: Pick<Principal, 'id' | 'kind'>,
  make: (requireRoom: () => void) => Promise<Made>,
) => Promise<Made>;

/** Counts also those that are being made by this process: the state holds each only once it is durable. */
export function createOwnerRoom(
  state: Pick<ControlState, 'list'>,
  kind: Owned,
  most: number,
  full: ErrorDefinition,
): OwnerRoom {
  const making = new Map<string, number>();
  return async (owner, make) => {
    const name = `${owner.kind}:${owner.id}`;
    const requireRoom = (): void => {
      const things: readonly { readonly entity: { readonly owner: typeof owner } }[] = state.list(kind);
      const own = things.filter(({ entity }) => `${entity.owner.kind}:${entity.owner.id}` === name);
      if (own.length + (making.get(name) ?? 0) > most)
        throw new ProblemError(full, { detail: `The most is ${most}.` });
    };
    making.set(name, (making.get(name) ?? 0) + 1);
    try {
      return await make(requireRoom);
    } finally {
      const left = (making.get(name) ?? 1) - 1;
      if (left === 0) making.delete(name);
      else making.set(name, left);
    }
  };
}
