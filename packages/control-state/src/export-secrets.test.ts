import { expect, test } from 'vitest';
import { controlChangeEvent } from './control-change-event.ts';
import type { ExportDestination } from './export-destination.ts';
import type { Entity, Kind } from './entities.ts';

const SEALED = 'c2VhbGVkLXNlY3JldA';

function told(kind: Kind, after: Entity): string {
  const principal = { id: 'k', name: 'k' };
  const done = { eventId: 'e', timeMs: 0, action: 'create', outcome: 'success' } as const;
  return JSON.stringify(controlChangeEvent({ ...done, kind, id: after.id, after, principal }));
}

const job = (destination: ExportDestination): Entity<'export'> => ({
  id: '00000000-0000-4000-8000-000000000001',
  format: 'cadf-ndjson',
  destination,
  owner: { kind: 'key', id: 'k', name: 'k' },
  tenants: ['a'],
  created: '2026-11-01T00:00:00Z',
  asOf: { '0': 7 },
});

test('audit events of exports, feeds and the keys of this deployment have nothing that is sealed', () => {
  const s3 = { type: 's3', bucket: 'audit', accessKeyId: 'AKIA', credentials: SEALED } as const;
  const http = { type: 'http', url: 'https://peer.example/in?token=T0KEN', credentials: SEALED } as const;
  const federation = {
    id: 'deployment',
    issuer: 'urn:uuid:00000000-0000-4000-8000-000000000002',
    keys: [{ kid: 'k'.repeat(43), x: 'x'.repeat(43), sealed: SEALED, created: '2026-11-01T00:00:00Z' }],
  } as const;
  const events = [
    told('export', job(s3)),
    told('export', job(http)),
    told('feed', {
      id: 'f',
      chain: 'f.0123456789ab',
      redactionKey: SEALED,
      delivery: { type: 'peer', url: 'https://peer.example/in?token=T0KEN', credentials: SEALED },
      owner: { kind: 'key', id: 'k', name: 'k' },
      tenants: ['a'],
      start: { next: {} },
      resumed: 0,
      paused: false,
      created: '2026-11-01T00:00:00Z',
      credentials: [{ id: '0123456789ab', hash: 'f'.repeat(64), created: '2026-11-01T00:00:00Z' }],
      invitations: [],
    }),
    told('federation', { ...federation, keys: [...federation.keys] }),
  ];
  for (const event of events) expect(event).not.toMatch(new RegExp(`${SEALED}|T0KEN|fff`));
  expect(events[0]).toContain('"bucket":"audit"');
  expect(events[1]).toContain('"url":"https://peer.example"');
  expect(events[2]).toContain('"chain":"f.0123456789ab"');
  expect(events[3]).toContain('"x":"xxx');
});
