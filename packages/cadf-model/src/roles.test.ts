import { expect, test } from 'vitest';
import { resolveRole } from './roles.ts';

const target = { id: 'server-1', typeURI: 'compute/machine', name: 'web' };

test('a role stands for its own resource', () => {
  expect(resolveRole({ target }, 'target')).toEqual({ resource: target, refersTo: '' });
  expect(resolveRole({}, 'target')).toEqual({ resource: undefined, refersTo: '' });
});

test('an id alone is a resource of that id', () => {
  expect(resolveRole({ initiatorId: 'user-1' }, 'initiator').resource).toEqual({ id: 'user-1' });
  expect(resolveRole({ initiatorId: null, initiator: 'x' }, 'initiator').resource).toBe('x');
});

test.each([
  ['its id alone', { observer: { id: 'target' } }],
  ['with the type pyCADF writes', { observer: { id: 'target', typeURI: 'unknown', name: '' } }],
  ['as observerId', { observerId: 'target' }],
])('a role that only points at another is that one: %s', (_form, event) => {
  expect(resolveRole({ ...event, target }, 'observer')).toEqual({ resource: target, refersTo: 'target' });
});

test.each([
  ['it has a name', { observer: { id: 'target', name: 'x' }, target }],
  ['it has a type', { observer: { id: 'target', typeURI: 'service' }, target }],
  ['it points at itself', { observer: { id: 'observer' } }],
  ['the other points elsewhere', { observer: { id: 'target' }, target: { id: 'initiator' } }],
])('a role keeps what it wrote where %s', (_why, event: Readonly<Record<string, unknown>>) => {
  expect(resolveRole(event, 'observer')).toEqual({ resource: event['observer'], refersTo: '' });
});
