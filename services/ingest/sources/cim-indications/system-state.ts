/** What the change of a system's state means: EnabledState and RequestedState (DSP1042 7.1, CIM_EnabledLogicalElement). */
import { numberOf, valueOf, valuesOf } from './cim-instance.ts';
import type { CimInstance } from './cim-instance.ts';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';

export interface StateChange {
  readonly action: string;
  readonly rule: string;
  readonly outcome: EventOutcome;
}

const SUSPENDED = 6;
const PAUSED = 9;
const RUNNING = 2;
const OFF = 3;
const SHUTTING_DOWN = 4;
const STARTING = 10;

/** States of Hyper-V's own numbers (Msvm_ComputerSystem): paused, saved, starting, stopping. */
const VENDOR_STATES: Readonly<Record<number, number>> = {
  32768: PAUSED,
  32769: SUSPENDED,
  32770: STARTING,
  32774: SHUTTING_DOWN,
};

function stateOf(instance: CimInstance | undefined, property: string): number | undefined {
  const state = numberOf(instance, property);
  return state === undefined ? undefined : (VENDOR_STATES[state] ?? state);
}

/** RequestedState: what was asked for; other values ask for nothing. */
const INTENTS: Readonly<Record<number, string>> = {
  2: 'start',
  3: 'stop',
  4: 'stop/shutdown',
  6: 'stop/suspend',
  7: 'update/test',
  8: 'update/defer',
  9: 'stop/pause',
  10: 'start/reboot',
  11: 'start/reset',
};

export function intentOf(requested: number | undefined): string | undefined {
  return requested === undefined ? undefined : INTENTS[VENDOR_STATES[requested] ?? requested];
}

/** From the state before to the state after; `update` where both are the same or one of them is not told. */
export function stateChange(before: CimInstance | undefined, after: CimInstance | undefined): StateChange {
  const from = stateOf(before, 'EnabledState');
  const to = stateOf(after, 'EnabledState');
  const asked = stateOf(after, 'RequestedState');
  // What is so already is no request: some servers leave the property out of the instance before.
  const isMet = asked === to || (asked === SHUTTING_DOWN && to === OFF);
  const isNewlyAsked = before !== undefined && asked !== stateOf(before, 'RequestedState') && !isMet;
  const intent = isNewlyAsked ? intentOf(asked) : undefined;
  const final = outcomeOf(after);
  if (from !== undefined && to !== undefined && from !== to) {
    const action = transition(from, to, asked, intent);
    if (action !== undefined) {
      const isOnTheWay = to === STARTING || to === SHUTTING_DOWN;
      const outcome = isOnTheWay && final === 'success' ? 'pending' : final;
      return { action, rule: 'state-changed', outcome };
    }
  }
  if (intent !== undefined) {
    // A reboot ends in the state it began in, other requests in another one, of which a later indication tells.
    const isDone = intent.startsWith('start/re') && to === RUNNING && from === RUNNING;
    const outcome = final === 'success' && !isDone ? 'pending' : final;
    return { action: intent, rule: 'state-requested', outcome };
  }
  return { action: 'update', rule: 'instance-modified', outcome: final };
}

function transition(
  from: number,
  to: number,
  asked: number | undefined,
  intent: string | undefined,
): string | undefined {
  switch (to) {
    case RUNNING:
    case STARTING:
      if (intent === 'start/reboot' || intent === 'start/reset') return intent;
      if (from === PAUSED) return 'start/unpause';
      return from === SUSPENDED ? 'start/resume' : 'start';
    case OFF:
      return asked === SHUTTING_DOWN || from === SHUTTING_DOWN ? 'stop/shutdown' : 'stop';
    case SHUTTING_DOWN:
      return 'stop/shutdown';
    case PAUSED:
      return 'stop/pause';
    case SUSPENDED:
      return 'stop/suspend';
    default:
      return undefined;
  }
}

/** OperationalStatus 6 is Error, 7 Non-Recoverable Error (CIM_ManagedSystemElement). */
export function outcomeOf(instance: CimInstance | undefined): EventOutcome {
  return valuesOf(instance, 'OperationalStatus').some((status) => status === '6' || status === '7')
    ? 'failure'
    : 'success';
}

/** JobState (CIM_ConcreteJob): 7 completed, 8 terminated, 9 killed, 10 exception; `undefined` where there is none. */
export function jobOutcome(job: CimInstance | undefined): EventOutcome | undefined {
  const state = numberOf(job, 'JobState');
  if (state === undefined) return undefined;
  if (state >= 8 && state <= 10) return 'failure';
  if (state !== 7) return 'pending';
  const errorCode = valueOf(job, 'ErrorCode');
  return errorCode === undefined || Number(errorCode) === 0 ? outcomeOf(job) : 'failure';
}
