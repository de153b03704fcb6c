import fc from 'fast-check';
import type { TObject } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { arbitraryEvent } from '../../../../test/support/arbitrary-event.ts';
import { strictEvent, withValue } from '../../test/sample-events.ts';
import type { EntityName } from '../entity-members.ts';
import { entityMembers } from '../entity-members.ts';
import { reporterRoles } from '../taxonomy.generated.ts';
import * as entities from './index.ts';

const schemas: Readonly<Record<EntityName, TObject>> = {
  event: entities.CadfEvent,
  resource: entities.Resource,
  attachment: entities.Attachment,
  credential: entities.Credential,
  endpoint: entities.Endpoint,
  geolocation: entities.Geolocation,
  host: entities.Host,
  measurement: entities.Measurement,
  metric: entities.Metric,
  reason: entities.Reason,
  reporterstep: entities.Reporterstep,
  log: entities.Log,
  report: entities.Report,
};

test('the schemas and the table of members name the same members', () => {
  for (const [name, members] of Object.entries(entityMembers)) {
    const listed = members.map((member) => member.name);
    expect(new Set(Object.keys(schemas[name as EntityName].properties)), name).toEqual(new Set(listed));
    expect(new Set(listed).size, name).toBe(listed.length);
  }
});

test('events that the strict checks take have the form of the schema', () => {
  expect(Value.Check(entities.CadfEvent, strictEvent)).toBe(true);
  fc.assert(
    fc.property(arbitraryEvent, (event) => {
      expect(Value.Check(entities.CadfEvent, event)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('events of another form do not', () => {
  for (const pointer of [
    '/id',
    '/typeURI',
    '/eventType',
    '/eventTime',
    '/action',
    '/outcome',
    '/initiator/typeURI',
  ]) {
    expect(Value.Check(entities.CadfEvent, withValue(strictEvent, pointer, undefined)), pointer).toBe(false);
  }
  expect(Value.Check(entities.CadfEvent, withValue(strictEvent, '/eventTime', '2026-01-01T00:00:00Z'))).toBe(
    false,
  );
});

test('the schemas are plain JSON Schema', () => {
  const text = JSON.stringify(entities.CadfEvent);
  expect(JSON.parse(text)).toMatchObject({
    type: 'object',
    required: expect.arrayContaining(['id', 'eventTime']) as unknown,
  });
});

test('the roles of the schema are those of the taxonomy', () => {
  for (const role of reporterRoles) expect(Value.Check(entities.Reporterstep, { role })).toBe(true);
  expect(Value.Check(entities.Reporterstep, { role: 'author' })).toBe(false);
});
