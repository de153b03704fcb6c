import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { readEsxiLine } from './esxi-line.ts';
import type { EsxiLine } from './esxi-line.ts';

const clock = createLocalClock();
const read = (text: string): EsxiLine => readEsxiLine({ text, receivedMs: 1_795_219_200_000 }, clock);
const MESSAGE = 'Event 1 : User root@192.0.2.1 logged in';

test('one message is read alike in all forms', () => {
  const forms = [
    `2026-03-08T05:55:24.316Z info hostd[32740B70][Originator@6876 sub=Vimsvc.ha-eventmgr opID=a user=b] ${MESSAGE}`,
    `2026-03-08T05:55:24.316Z In(166) Hostd[1050]: [Originator@6876 sub=Vimsvc.ha-eventmgr opID=a sid=c user=b] ${MESSAGE}`,
    `<166>2026-03-08T05:55:24.316Z h Hostd: info hostd[1] [Originator@6876 sub=Vimsvc.ha-eventmgr opID=a user=b] ${MESSAGE}`,
    `<166>1 2026-03-08T05:55:24.316Z h Hostd 1 - [Originator@6876 sub="Vimsvc.ha-eventmgr" opID="a" user="b"] ${MESSAGE}`,
    `<166>1 2026-03-08T05:55:24.316Z h Hostd 1 - [Originator@6876 sub=""Vimsvc.ha-eventmgr"" opID=""a"" user=""b""] ${MESSAGE}`,
    `Mar  8 06:00:00 192.0.2.9 2026-03-08T05:55:24.316Z info hostd[1] [Originator@6876 sub=Vimsvc.ha-eventmgr opID=a user=b] ${MESSAGE}`,
    `2026-03-08T05:55:24.316Z [FFB12B90 info 'Vimsvc.ha-eventmgr' opID=a user=b] ${MESSAGE}`,
  ];
  for (const form of forms) {
    expect(read(form)).toMatchObject({
      program: 'hostd',
      sub: 'Vimsvc.ha-eventmgr',
      opId: 'a',
      user: 'b',
      text: MESSAGE,
      time: { epochMs: Date.UTC(2026, 2, 8, 5, 55, 24, 316) },
    });
  }
});

test('lines behind the first of a message are more of it, also where each has a header', () => {
  const more = [
    '--> Modified:',
    '2026-03-08T05:55:24.316Z In(166) Hostd[1]: --> Modified:',
    '2026-03-08T05:55:24.316Z In(166)+ Hostd[1]: [Originator@6876 sub=Vimsvc.ha-eventmgr] Event 1 : slipped in',
    '<166>2026-03-08T05:55:24.316Z h Hostd[1]: --> Modified:',
    "2026-03-08T05:55:24.316Z In(05)+ vmx - SnapshotVMX_TakeSnapshot start: 'slipped in'",
  ];
  for (const line of more) expect(read(line).isContinuation).toBe(true);
  expect(read(more[4] ?? '').program).toBe('vmware.log');
});

test('a value of the originator with blanks ends at the next key', () => {
  const line = read(
    '2026-03-08T05:55:24.316Z info hostd[1] [Originator@6876 sub=Vmsvc.vm:/vmfs/volumes/1/a b/a b.vmx opID=x user=vpxuser:EX\\bob] T',
  );
  expect(line).toMatchObject({
    sub: 'Vmsvc.vm:/vmfs/volumes/1/a b/a b.vmx',
    opId: 'x',
    user: 'vpxuser:EX\\bob',
    text: 'T',
  });
});

test('local times without a zone are told as guesses', () => {
  expect(read("[2008-07-17 23:57:30.128 'ha-eventmgr' 3076445088 info] T")).toMatchObject({
    time: { guessed: 'zone' },
    text: 'T',
  });
});

test('lines of other programs keep their program', () => {
  expect(read('2026-03-08T05:56:00.000Z In(182) vmkernel: cpu3:2097)Vol3: x').program).toBe('vmkernel');
  expect(read('2026-03-08T05:56:00.000Z cpu3:2097)Vol3: x').program).toBe('vmkernel');
  expect(read('2026-03-08T05:56:00.000Z In(05) vmx - MKSVMX: x')).toMatchObject({
    program: 'vmware.log',
    text: 'MKSVMX: x',
  });
});

test('no text makes it throw', () => {
  const parts = fc.constantFrom(
    '2026-03-08T05:56:00.000Z',
    ' ',
    'info',
    'In(166)',
    'hostd[1]',
    ':',
    '[Originator@6876',
    ' sub="',
    '"',
    ']',
    ' user=',
    '-->',
    '<166>',
    '1 ',
    '[',
    "'",
    '| vmx| I125: ',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(parts, { maxLength: 14 }).map((list) => list.join('')),
      ),
      (text) => {
        expect(text.endsWith(read(text).text) || read(text).text.startsWith('[')).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
