import { describe, expect, test } from 'vitest';
import { eventLine } from './event-line.ts';

const event = {
  eventTime: '2026-11-22T01:02:03.004Z',
  outcome: 'failure',
  action: 'authenticate/login',
  initiator: { id: 'u-1', name: 'eve', host: { address: '203.0.113.7' } },
  target: { id: 't-1', name: 'keystone', typeURI: 'service/security' },
  observer: { id: 'o-1' },
};

describe('an event as a line', () => {
  test('says when, how it ended, what, who, on what, and who saw it', () => {
    expect(eventLine(event, false)).toBe(
      '2026-11-22T01:02:03.004Z  failure  authenticate/login  eve@203.0.113.7  → keystone (service/security)  [o-1]\n',
    );
  });

  test('names resources by their ids where they have nothing else, and shows what is missing', () => {
    expect(eventLine({ initiatorId: 'u-9', target: null, outcome: 7 }, false)).toBe(
      '-  -        -  u-9  → -  [-]\n',
    );
  });

  test('colours the outcome alone', () => {
    expect(eventLine({ outcome: 'failure/denied' }, true)).toContain('\u001B[31mfailure/denied\u001B[39m');
    expect(eventLine({ outcome: 'unknown' }, true)).not.toContain('\u001B');
  });

  test('never lets an event steer the terminal, or fill it', () => {
    const line = eventLine({ action: '\u001B[2J\nx', initiator: { name: 'n'.repeat(5000) } }, true);
    expect(line).toContain('\\u001b[2J\\u000ax');
    expect(line.length).toBeLessThan(300);
    expect(line.indexOf('\n')).toBe(line.length - 1);
  });
});
