import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Normalizer, Outcome, RawRecord } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';
import { redactEsxi } from './redact-command.ts';

const record = (text: string): RawRecord => ({ text, receivedMs: 1_795_219_200_000 });
const hostd = (second: number, text: string, more = ''): string =>
  `2026-10-14T08:01:${String(second).padStart(2, '0')}.000Z info hostd[1] [Originator@6876 sub=Vimsvc.TaskManager${more}] ${text}`;
const KEY = 'haTask-12-vim.VirtualMachine.powerOn-5';
const feed = (normalizer: Normalizer, texts: readonly string[]): Outcome[] =>
  texts.flatMap((text) => normalizer.push(record(text)));

test("a task's end is the final version of its beginning, with who asked", () => {
  const normalizer = createNormalizer({ sourceName: 's', host: 'h' });
  const [begun] = feed(normalizer, [hostd(1, `Task Created : ${KEY}`, ' user=root')]);
  expect(normalizer.held).toBe(1);
  const [ended] = feed(normalizer, [hostd(9, `Task Completed : ${KEY} Status success`)]);
  expect(normalizer.held).toBe(0);
  expect(ended).toMatchObject({ kind: 'event', event: { outcome: 'success', initiator: { name: 'root' } } });
  expect(begun?.kind === 'event' && ended?.kind === 'event' && begun.event.id === ended.event.id).toBe(true);
});

test('an end without its beginning is nobody known', () => {
  const normalizer = createNormalizer({ sourceName: 's', host: 'h' });
  expect(feed(normalizer, [hostd(9, `Task Completed : ${KEY} Status success`)])).toMatchObject([
    { event: { action: 'start', outcome: 'success', initiator: { id: 'unknown' } } },
  ]);
});

test('the same record from the file and by syslog of its host is one event', () => {
  const text = '[Originator@6876 sub=Vimsvc.ha-eventmgr opID=a] Event 1 : User root@192.0.2.1 logged in';
  const forms = [
    `2026-10-14T08:00:00.000Z In(166) Hostd[7]: ${text}`,
    `<166>2026-10-14T08:00:00.000Z h Hostd[7]: ${text}`,
  ];
  const ids = forms.map((form) => {
    const [outcome] = createNormalizer({ sourceName: 's', host: 'h' }).push(record(form));
    return outcome?.kind === 'event' ? outcome.event.id : outcome?.kind;
  });
  expect(new Set(ids).size).toBe(1);
});

test('continuation lines are of the record before them on their own host, and bounded', () => {
  const normalizer = createNormalizer({ sourceName: 's', host: 'h' });
  const message = (host: string): string =>
    `<166>2026-10-14T08:00:00.000Z ${host} Hostd: info hostd[1] [Originator@6876 sub=Vimsvc.ha-eventmgr] Event 1 : Message on a on ${host} in DC: What?`;
  const more = (host: string): string => `<166>2026-10-14T08:00:00.000Z ${host} Hostd: --> more`;
  const all = [
    ...feed(normalizer, [message('h1'), message('h2'), more('h1'), more('h2'), more('h2')]),
    ...normalizer.flush(),
  ];
  expect(all.map(({ records }) => records.length)).toEqual([2, 3]);
  const long = feed(normalizer, [message('h1'), ...Array.from({ length: 300 }, () => more('h1'))]);
  expect(long).toHaveLength(45);
  expect(normalizer.flush()[0]?.records).toHaveLength(256);
});

test('secrets on command lines do not stay', () => {
  for (const command of [
    'esxcli system account set -i root -p S3cret -c S3cret',
    'echo S3cret | passwd --stdin root',
    'vim-cmd x --password S3cret',
    'curl -u a --password=S3cret',
    'echo -n "S3cret" | passwd root',
  ])
    expect(redactEsxi(command)).not.toContain('S3cret');
  expect(redactEsxi('mkdir -p /tmp/x')).toBe('mkdir -p /tmp/x');
});

test('no text makes it throw, and each record is in exactly one outcome', () => {
  const parts = fc.constantFrom(
    '2026-10-14T08:00:00Z ',
    'info ',
    'hostd[1] ',
    '[Originator@6876 sub=x] ',
    'Event 1 : ',
    'Message on a on b: c',
    `Task Created : ${KEY}`,
    `Task Completed : ${KEY} Status error`,
    '-->',
    'shell[1]: ',
    '[root]: ls',
    'vobd: ',
    '[shell.cmd@6876 ',
    'subject="a" ',
    'command="b"]',
    '<166>',
    'sshd[1]: ',
    'Accepted x for y from z ',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(parts, { maxLength: 8 }).map((list) => list.join('')),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
      const normalizer = createNormalizer({ sourceName: 's', host: 'h' });
      const used = [...feed(normalizer, texts), ...normalizer.flush()].flatMap(({ records }) => records);
      expect(used).toHaveLength(texts.length);
      expect(new Set(used).size).toBe(texts.length);
      expect(normalizer.held).toBe(0);
    }),
    { numRuns: 200 },
  );
});
