import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import type { Outcome } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const event = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id: 'c65c273a-318d-4c7f-942c-1a0305f73861',
  eventType: 'activity',
  eventTime: '2026-11-20T10:00:00.316194+00:00',
  action: 'create/group',
  outcome: 'success',
  initiator: { typeURI: 'data/security/account/user', id: 'u' },
  target: { typeURI: 'data/security/group', id: 'g' },
  observer: { id: 'target' },
};
const notification = (payload: unknown, more: object = {}) => ({
  event_type: 'volume.create.end',
  publisher_id: 'volume.host-1',
  message_id: 'm-1',
  timestamp: '2026-11-20 10:00:00.000000',
  payload,
  ...more,
});

function run(...messages: readonly unknown[]): Outcome[] {
  const normalizer = createNormalizer({ sourceName: 's' });
  const outcomes = messages.flatMap((message) =>
    normalizer.push({ text: JSON.stringify(message), receivedMs: 0 }),
  );
  return [...outcomes, ...normalizer.flush()];
}

function eventsOf(outcomes: readonly Outcome[]): CadfEvent[] {
  return outcomes.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
}

test('a CADF event without fault comes out as it is, short forms and unknown members included', () => {
  const [found] = eventsOf(run(notification({ ...event, requestPath: '/v3/groups' })));
  expect(found).toEqual({ ...event, requestPath: '/v3/groups' });
});

test('a CADF event of a dialect keeps its id and is put right', () => {
  const [found] = eventsOf(
    run({
      'oslo.version': '2.0',
      'oslo.message': JSON.stringify(notification({ ...event, action: 'created.group' })),
    }),
  );
  expect(found).toMatchObject({ id: event.id, action: 'create/group', observer: event.target });
});

test('tokens and passwords are in nothing that is kept, whichever way they are escaped', () => {
  const secret = 'gAAAA"quoted"-ä';
  const message = notification(
    { volume_id: 'v', auth: { admin_password: secret } },
    { _context_auth_token: secret },
  );
  const pythons = JSON.stringify(message).replaceAll('ä', String.raw`\u00e4`);
  const normalizer = createNormalizer({ sourceName: 's' });
  for (const text of [
    JSON.stringify(message),
    pythons,
    JSON.stringify({ 'oslo.message': JSON.stringify(message) }),
    JSON.stringify({ 'oslo.message': pythons }),
    JSON.stringify([message, message]),
  ]) {
    const found = eventsOf(normalizer.push({ text, receivedMs: 0 }));
    expect(found.length).toBeGreaterThan(0);
    expect(JSON.stringify(found)).not.toContain('gAAAA');
    expect(found[0]?.tags).toContain('//openstack-notifications/redacted?value=record');
  }
});

test('a beginning without id and its end are versions of one event, by their request', () => {
  const context = { _context_request_id: 'req-1', _context_user_id: 'u' };
  const [begun, done] = eventsOf(
    run(
      notification(
        { network: { name: 'n' } },
        { event_type: 'network.create.start', message_id: 'm-1', ...context },
      ),
      notification(
        { network: { id: 'i' } },
        { event_type: 'network.create.end', message_id: 'm-2', ...context },
      ),
    ),
  );
  expect(done?.id).toBe(begun?.id);
  expect([begun?.outcome, done?.outcome]).toEqual(['pending', 'success']);
});

test('who owns a thing is not who acted', () => {
  const [found] = eventsOf(run(notification({ volume_id: 'v', user_id: 'owner' })));
  expect(found?.initiator).toEqual({ id: 'unknown', typeURI: 'unknown' });
});

test('any JSON has one outcome per record and throws nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (payload, other) => {
      for (const message of [
        payload,
        notification(payload),
        { ...event, target: other },
        { 'oslo.message': payload },
      ]) {
        const outcomes = run(message);
        expect(outcomes.flatMap((one) => one.records)).toHaveLength(1);
      }
    }),
    { numRuns: 150 },
  );
});
