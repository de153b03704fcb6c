import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const AUDIT = 'org.ovirt.engine.core.dal.dbbroker.auditloghandling.AuditLogDirector';
const receivedMs = Date.parse('2026-11-21T00:00:00Z');
const line = (time: string, text: string, correlation = 'c1'): string =>
  `${time} INFO  [${AUDIT}] (default task-1) [${correlation}] ${text}`;
const STARTED = line(
  '2026-09-26 14:00:00,000Z',
  'EVENT_ID: USER_STARTED_VM(153), VM web1 was started by a@b (Host: h1).',
);
const RUNNING = line('2026-09-26 14:00:09,000Z', 'EVENT_ID: USER_RUN_VM(32), VM web1 started on Host h1', '');

function outcomes(texts: readonly string[], context: Partial<NormalizerContext> = {}): Outcome[] {
  const normalizer = createNormalizer({ sourceName: 's', host: 'engine1', ...context });
  const record = (text: string): RawRecord => ({ text, receivedMs });
  return [...texts.flatMap((text) => normalizer.push(record(text))), ...normalizer.flush()];
}

function events(
  texts: readonly string[],
  context: Partial<NormalizerContext> = {},
): Extract<Outcome, { kind: 'event' }>['event'][] {
  return outcomes(texts, context).flatMap((outcome) => (outcome.kind === 'event' ? [outcome.event] : []));
}

test.each([
  ['2026-09-26 10:00:00,123-04', '2026-09-26T14:00:00.123+00:00'],
  ['2026-09-26 10:00:00,123+03', '2026-09-26T07:00:00.123+00:00'],
  ['2026-09-26 10:00:00,123Z', '2026-09-26T10:00:00.123+00:00'],
  ['2026-09-26 10:00:00,123+0530', '2026-09-26T04:30:00.123+00:00'],
  ['2026-09-26 10:00:00,123', '2026-09-26T08:00:00.123+00:00'],
])('%s is %s in Prague', (time, expected) => {
  const [event] = events(
    [line(time, 'EVENT_ID: USER_UPDATE_VM(35), VM a configuration was updated by a@b.')],
    {
      options: { timezone: 'Europe/Prague' },
    },
  );
  expect(event?.eventTime).toBe(expected);
});

test('the end of an operation is a version of its beginning, with who began it', () => {
  const [begin, end] = events([STARTED, RUNNING]);
  expect(end?.id).toBe(begin?.id);
  expect([begin?.outcome, end?.outcome]).toEqual(['pending', 'success']);
  expect(end?.initiator).toMatchObject({ name: 'a@b' });
  expect(end?.attachments).toHaveLength(2);
});

test('an end with another correlation id is not the end of that beginning, though the machine is the same', () => {
  const restarted = line(
    '2026-09-26 14:40:00,000Z',
    'EVENT_ID: USER_RUN_VM(32), VM web1 started on Host h2',
    'other',
  );
  const [begin, end] = events([STARTED, restarted]);
  expect(end?.id).not.toBe(begin?.id);
  expect(JSON.stringify(end?.initiator)).not.toContain('a@b');
});

test('an end alone tells nobody', () => {
  expect(events([RUNNING])[0]).toMatchObject({ outcome: 'success', initiator: { id: 'unknown' } });
});

test('a beginning is held until its end, and not for ever', () => {
  const normalizer = createNormalizer({ sourceName: 's' });
  normalizer.push({ text: STARTED, receivedMs });
  expect(normalizer.held).toBeGreaterThan(0);
  normalizer.push({ text: RUNNING, receivedMs });
  expect(normalizer.held).toBe(0);
  normalizer.push({ text: STARTED, receivedMs });
  const later = line(
    '2026-09-27 14:00:00,000Z',
    'EVENT_ID: USER_UPDATE_VM(35), VM a configuration was updated by a@b.',
  );
  normalizer.push({ text: later, receivedMs });
  expect(normalizer.held).toBe(0);
});

test('a target has the UUID that the command of the same correlation id tells', () => {
  const command =
    '2026-09-26 13:59:59,000Z INFO  [org.ovirt.engine.core.bll.RunVmCommand] (default task-1) [c1] Running command: RunVmCommand internal: false. Entities affected :  ID: 11111111-2222-3333-4444-555555555555 Type: VMAction group RUN_VM with role type USER';
  expect(events([command, STARTED])[0]?.target).toMatchObject({
    id: 'engine1/vm/11111111-2222-3333-4444-555555555555',
    name: 'web1',
  });
});

test.each([
  ['VM a powered off by null@N/A (Host: h).', 'unknown'],
  ['VM a powered off by SYSTEM (Host: h).', 'engine1/ovirt-engine'],
  ['VM a powered off by x.y@z-authz (Host: h) (Reason: asked by root@q).', 'engine1/user/x.y@z-authz'],
  ['VM a powered off.', 'unknown'],
])('who did "%s" is %s', (message, id) => {
  const text = line('2026-09-26 14:00:00,000Z', `EVENT_ID: USER_STOP_VM(33), ${message}`);
  expect(events([text])[0]?.initiator?.id).toBe(id);
});

test('the same line behind a relay is the same event', () => {
  const relayed = `<134>Nov 20 10:00:00 engine1 ovirt-engine: ${STARTED}`;
  expect(events([relayed])[0]?.id).toBe(events([STARTED])[0]?.id);
});

test('any lines end in one outcome each, however they are cut', () => {
  const start = fc.constantFrom(
    '',
    STARTED.slice(0, 30),
    STARTED.slice(0, 150),
    STARTED,
    'EVENT_ID: ',
    '{"code":"30",',
    '\tat ',
    'Nov 20 10:00:00 h p: ',
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(start, fc.string({ unit: 'binary', maxLength: 60 })), { maxLength: 8 }),
      (parts) => {
        const texts = parts.map(([before, text]) => before + text);
        const used = outcomes(texts).flatMap(({ records }) => records.map(({ text }) => text));
        expect(used.toSorted()).toEqual(texts.toSorted());
      },
    ),
  );
});

test('a message over many lines is bounded', () => {
  const open = line('2026-09-26 14:00:00,000Z', 'EVENT_ID: EXTERNAL_EVENT_NORMAL(9801), hello');
  const all = outcomes([open, ...Array.from({ length: 600 }, (_, index) => `\tline ${index}`)]);
  expect(Math.max(...all.map(({ records }) => records.length))).toBeLessThanOrEqual(257);
});

test('long lines are read in linear time', () => {
  for (const text of ['(User: '.repeat(150_000), ' by '.repeat(250_000), 'VM VM '.repeat(170_000)])
    expect(events([line('2026-09-26 14:00:00,000Z', `EVENT_ID: USER_UPDATE_VM(35), ${text}`)])).toHaveLength(
      1,
    );
});

test.each([
  [
    "USER_CREATE_SNAPSHOT(45), Snapshot 'a b' creation for VM 'web 01' was initiated by a@b.",
    'compute/machine',
    'web 01',
  ],
  ['ENTITY_RENAMED(10,000), VM web1 was renamed from web1 to web2 by a@b.', 'compute/machine', 'web1'],
  [
    'HOT_SET_NUMBER_OF_CPUS(2,033), Hotplug CPU: changed the number of CPUs on VM web1 from 1 to 2',
    'compute/machine',
    'web1',
  ],
  ['VDS_BROKER_COMMAND_FAILURE(10,802), VDSM h1 command GetStatsVDS failed: timeout', 'compute/node', 'h1'],
  [
    'IRS_DISK_SPACE_LOW(24), Warning, Low disk space. data1 domain has 3 GB of free space.',
    'storage/node',
    'data1',
  ],
  [
    'NETWORK_REMOVE_TEMPLATE_INTERFACE(940), Interface nic1 (VirtIO) was removed from Template t1. (User: a@b).',
    'network',
    'nic1',
  ],
  ['GLUSTER_HOOK_REMOVED(4,045), Gluster Hook h1 removed from cluster c1.', 'data/config', 'h1'],
  [
    'USER_EXTENDED_STORAGE_DOMAIN(1,002), Storage data1 has been extended by a@b. Please wait for refresh.',
    'storage/node',
    'data1',
  ],
  ['USER_ADD_CLUSTER_FAILED(810), Failed to add Host cluster (User: a@b)', 'network/cluster', undefined],
])('%s is about a %s %s', (text, typeURI, name) => {
  const [event] = events([line('2026-09-26 10:00:00,123Z', `EVENT_ID: ${text}`)]);
  expect(event?.target).toMatchObject({ typeURI, ...(name === undefined ? {} : { name }) });
});

test('what the engine did by itself is its deed, and a name nobody knows is nothing it saw', () => {
  const [updated, unknown] = events([
    line(
      '2026-09-26 10:00:00,123Z',
      'EVENT_ID: SYSTEM_UPDATE_VM(253), VM a configuration was updated by system.',
    ),
    line('2026-09-26 10:00:00,124Z', 'EVENT_ID: THING_NOBODY_KNOWS(99,999), Something happened by z@b.'),
  ]);
  expect(updated?.initiator).toMatchObject({ id: 'engine1/ovirt-engine' });
  expect(unknown).toMatchObject({ action: 'unknown', initiator: { name: 'z@b' } });
});
