import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CimInstance } from './cim-instance.ts';
import { jobOutcome, stateChange } from './system-state.ts';

type Facts = Readonly<Record<string, number | undefined>>;

function instance(facts: Facts): CimInstance {
  const told = Object.entries(facts).filter(([, value]) => value !== undefined);
  return {
    className: 'CIM_ComputerSystem',
    properties: new Map(
      told.map(([name, value]) => [name.toLowerCase(), { values: [String(value)], instances: [] }]),
    ),
  };
}

const system = (EnabledState?: number, RequestedState?: number): CimInstance =>
  instance({ EnabledState, RequestedState });

test.each([
  [system(3), system(2), 'start', 'success'],
  [system(9), system(2), 'start/unpause', 'success'],
  [system(6), system(2), 'start/resume', 'success'],
  [system(2), system(3), 'stop', 'success'],
  [system(4), system(3), 'stop/shutdown', 'success'],
  [system(2), system(3, 4), 'stop/shutdown', 'success'],
  [system(2), system(32768), 'stop/pause', 'success'],
  [system(32769), system(2), 'start/resume', 'success'],
  [system(3), system(10), 'start', 'pending'],
  [system(3), system(2, 10), 'start/reboot', 'success'],
  [system(2, 2), system(2, 11), 'start/reset', 'success'],
  [system(2, 2), system(2, 3), 'stop', 'pending'],
  [system(2), system(2, 2), 'update', 'success'],
  [system(3, 2), system(3, 4), 'update', 'success'],
  [system(2, 10), system(2, 10), 'update', 'success'],
  [system(2, 2), system(2, 5), 'update', 'success'],
  [system(2), system(1), 'update', 'success'],
  [undefined, system(2, 2), 'update', 'success'],
  [system(2), instance({ EnabledState: 3, OperationalStatus: 6 }), 'stop', 'failure'],
])('%# of the states is told', (before, after, action, outcome) => {
  expect(stateChange(before, after)).toMatchObject({ action, outcome });
});

test.each([
  [{}, undefined],
  [{ JobState: 4 }, 'pending'],
  [{ JobState: 7 }, 'success'],
  [{ JobState: 7, ErrorCode: 5 }, 'failure'],
  [{ JobState: 8 }, 'failure'],
  [{ JobState: 10 }, 'failure'],
])('the job %j is %s', (facts: Facts, outcome) => {
  expect(jobOutcome(instance(facts))).toBe(outcome);
});

test('a state that stays and asks for nothing is an update, whatever it is', () => {
  fc.assert(
    fc.property(fc.nat(40_000), (state) => {
      expect(stateChange(system(state), system(state)).action).toBe('update');
    }),
  );
});
