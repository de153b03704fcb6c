/** CIM_InstMethodCall: which method was called, and how it ended. */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { embeddedIn, numberOf, valueOf } from './cim-instance.ts';
import type { CimInstance } from './cim-instance.ts';
import { intentOf } from './system-state.ts';
import type { StateChange } from './system-state.ts';

/** Methods of the virtual system management and snapshot services (DSP1042, DSP1043, DSP1059) and their older names. */
const METHODS: Readonly<Record<string, string>> = {
  definesystem: 'create',
  definevirtualsystem: 'create',
  destroysystem: 'delete',
  destroyvirtualsystem: 'delete',
  modifysystemsettings: 'update',
  modifyvirtualsystem: 'update',
  modifyresourcesettings: 'update',
  modifyvirtualsystemresources: 'update',
  addresourcesettings: 'update/attach',
  addresourcesetting: 'update/attach',
  addvirtualsystemresources: 'update/attach',
  removeresourcesettings: 'update/detach',
  removevirtualsystemresources: 'update/detach',
  createsnapshot: 'capture',
  createvirtualsystemsnapshot: 'capture',
  applysnapshot: 'restore',
  applyvirtualsystemsnapshot: 'restore',
  destroysnapshot: 'delete/snapshot',
  removevirtualsystemsnapshot: 'delete/snapshot',
  migratevirtualsystem: 'update/migrate',
  migratevirtualsystemtohost: 'update/migrate',
  migratevirtualsystemtosystem: 'update/migrate',
  checkvirtualsystemismigratable: 'read/check-migration',
  checkvirtualsystemismigratabletohost: 'read/check-migration',
  checkvirtualsystemismigratabletosystem: 'read/check-migration',
  startservice: 'start',
  stopservice: 'stop',
  reset: 'start/reset',
  setpowerstate: 'update/power-state',
  requestpowerstatechange: 'update/power-state',
};

export function methodMeaning(indication: CimInstance): StateChange {
  const outcome = outcomeOfCall(indication);
  const method = (valueOf(indication, 'MethodName') ?? '').toLowerCase();
  if (method === 'requeststatechange') {
    const requested = numberOf(embeddedIn(indication, 'MethodParameters'), 'RequestedState');
    return { action: intentOf(requested) ?? 'update', outcome, rule: 'method-called' };
  }
  const action = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  return action === undefined
    ? { action: 'unknown', outcome, rule: 'unmapped-method' }
    : { action, outcome, rule: 'method-called' };
}

/** PreCall: told before it is done. ReturnValue 0 is done, 4096 a job goes on with it (DSP1042 8.2), others failed. */
function outcomeOfCall(indication: CimInstance): EventOutcome {
  if (/^true$/i.test(valueOf(indication, 'PreCall') ?? '')) return 'pending';
  const result = valueOf(indication, 'ReturnValue');
  if (result === undefined) return 'unknown';
  if (result === '0') return 'success';
  return result === '4096' ? 'pending' : 'failure';
}
