import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { toFaults } from './schema-faults.ts';

function faultsOf(schema: object, value: unknown): readonly string[] {
  const check = new Ajv({ allErrors: true, discriminator: true }).compile(schema);
  expect(check(value)).toBe(false);
  return toFaults('body', check.errors ?? []).map(({ message, path }) => `${path} ${message}`);
}

const limit = {
  anyOf: [
    { type: 'integer', minimum: 1, maximum: 100 },
    { type: 'string', const: 'all' },
  ],
};

test('of several choices it is said once what each wants', () => {
  const schema = { type: 'object', properties: { limit, order: { enum: ['asc', 'desc'] } } };
  expect(faultsOf(schema, { limit: 101, order: 'up' })).toEqual([
    'body/limit must be <= 100, or must be "all"',
    'body/order must be equal to one of the allowed values: ["asc","desc"]',
  ]);
  expect(faultsOf(schema, { limit: 'some' })).toEqual(['body/limit must be integer, or must be "all"']);
});

test('a member that is not known is named', () => {
  expect(faultsOf({ type: 'object', additionalProperties: false }, { a: 1 })).toEqual([
    'body must NOT have additional properties: "a"',
  ]);
});

test('a form that is none is named', () => {
  const form = (kind: string): object => ({ properties: { kind: { const: kind } }, required: ['kind'] });
  const schema = {
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: [form('a'), form('b')],
  };
  expect(faultsOf(schema, { kind: 'c' })).toEqual(['body/kind "c" is none of its values']);
  expect(faultsOf({ ...schema, required: [] }, {})).toEqual([
    'body/kind is missing: it says which form this is',
  ]);
});
