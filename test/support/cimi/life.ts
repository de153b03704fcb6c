/** Which states an operation takes a resource through (DSP0263, the state tables of its resources), and what may be asked in one. */

export interface Course {
  /** State while it runs. */
  readonly during: string;
  /** State after it; `before` is the one it began in; `gone` is none. */
  readonly after: string;
  /** States it may begin in; any unless told. */
  readonly from?: readonly string[];
}

const DELETE: Course = { during: 'DELETING', after: 'gone' };
const RUNNABLE = ['STOPPED', 'PAUSED', 'SUSPENDED'];
const STARTED = ['STARTED'];

const MACHINE: Readonly<Record<string, Course>> = {
  add: { during: 'CREATING', after: 'STOPPED' },
  delete: DELETE,
  start: { during: 'STARTING', after: 'STARTED', from: RUNNABLE },
  stop: { during: 'STOPPING', after: 'STOPPED', from: ['STARTED', 'PAUSED', 'SUSPENDED'] },
  restart: { during: 'STARTING', after: 'STARTED', from: STARTED },
  pause: { during: 'PAUSING', after: 'PAUSED', from: STARTED },
  suspend: { during: 'SUSPENDING', after: 'SUSPENDED', from: STARTED },
  capture: { during: 'CAPTURING', after: 'before' },
  snapshot: { during: 'CAPTURING', after: 'before' },
  restore: { during: 'RESTORING', after: 'STOPPED' },
};
const NETWORK: Readonly<Record<string, Course>> = {
  add: { during: 'CREATING', after: 'STOPPED' },
  delete: DELETE,
  start: { during: 'STARTING', after: 'STARTED', from: ['STOPPED'] },
  stop: { during: 'STOPPING', after: 'STOPPED', from: STARTED },
};
const KEPT: Readonly<Record<string, Course>> = {
  add: { during: 'CREATING', after: 'AVAILABLE' },
  delete: DELETE,
};
const { capture: _capture, snapshot: _snapshot, restore: _restore, ...OF_A_SYSTEM } = MACHINE;

const LIVES: Readonly<Record<string, Readonly<Record<string, Course>>>> = {
  Machine: MACHINE,
  System: { ...OF_A_SYSTEM, export: { during: 'before', after: 'before' } },
  Network: NETWORK,
  Volume: {
    ...KEPT,
    snapshot: { during: 'CAPTURING', after: 'AVAILABLE', from: ['AVAILABLE'] },
    restore: { during: 'RESTORING', after: 'AVAILABLE', from: ['AVAILABLE'] },
  },
  MachineImage: KEPT,
  VolumeImage: KEPT,
};

export function courseOf(type: string, verb: string): Course | undefined {
  return LIVES[type]?.[verb];
}

/** Verbs, without `add`, that a resource in this state takes. */
export function verbsIn(type: string, state: string): readonly string[] {
  return Object.entries(LIVES[type] ?? {})
    .filter(([verb, { from }]) => verb !== 'add' && (from === undefined || from.includes(state)))
    .map(([verb]) => verb);
}
