import { expect, test } from 'vitest';
import { operationIdOf } from './operation-id.ts';

test.each([
  ['GET', '/cadf/v1/events', 'getEvents'],
  ['GET', '/cadf/v1/events/:id/related', 'getEventsByIdRelated'],
  ['POST', '/cadf/v1/dead-letters/{id}/replay', 'postDeadLettersByIdReplay'],
  ['GET', '/v1/events', 'getV1Events'],
  ['GET', '/', 'getRoot'],
])('%s %s is %s', (method, path, expected) => {
  expect(operationIdOf(method, path)).toBe(expected);
});
