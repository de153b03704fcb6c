import type { ControlState, Versioned } from '@cadf-pipeline/control-state';
import type { RegisteredSource } from './sender-normalizers.ts';

/** Looks sources up in the control state; the answer is the same object as long as the registration is. */
export function lookUpSource(state: Pick<ControlState, 'get'>): (id: string) => RegisteredSource {
  const known = new WeakMap<Versioned, RegisteredSource>();
  return (id) => {
    const found = state.get('source', id);
    if (found === undefined) return { resolved: { id, type: 'cadf' }, version: 0 };
    let registered = known.get(found);
    if (registered === undefined) {
      const { entity, version } = found;
      registered = { resolved: { id, type: entity.type, definition: entity }, version };
      known.set(found, registered);
    }
    return registered;
  };
}
