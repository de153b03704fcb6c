/** The API document of the whole service: valid OpenAPI 3.1, complete, and every example what its schema says. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startService } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

interface Media {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown; readonly $ref?: string }>>;
}
interface Parameter extends Media {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
}
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description?: string;
        readonly headers?: Readonly<
          Record<string, { readonly description?: string; readonly schema?: object }>
        >;
        readonly content?: Readonly<Record<string, Media>>;
      }
    >
  >;
}
interface Document {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly examples: Readonly<Record<string, { readonly value: unknown }>> };
}

let service: TestService;
let document: Document;
let operations: readonly (readonly [string, Operation])[];

beforeAll(async () => {
  service = await startService();
  document = (await (await service.fetch('/openapi.json')).json()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

/** Each place that holds examples, with what it is called. */
function places(): readonly (readonly [string, Media])[] {
  return operations.flatMap(([name, { parameters = [], requestBody, responses }]) => [
    ...parameters.map((parameter) => [`${name} ${parameter.in} ${parameter.name}`, parameter] as const),
    ...Object.entries(requestBody?.content ?? {}).map(
      ([type, media]) => [`${name} body ${type}`, media] as const,
    ),
    ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content).map(([type, media]) => [`${name} ${status} ${type}`, media] as const),
    ),
  ]);
}

function examplesOf(media: Media): readonly unknown[] {
  return [
    ...(media.example === undefined ? [] : [media.example]),
    ...Object.values(media.examples ?? {}).map(({ $ref, value }) =>
      $ref === undefined ? value : document.components.examples[$ref.split('/').at(-1) ?? '']?.value,
    ),
  ];
}

test('it is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate({ ...structuredClone(document) })).toMatchObject({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('every operation has a name of its own, a summary, a description and one chapter that is described', () => {
  const described = new Set(
    document.tags.filter(({ description }) => description !== undefined).map(({ name }) => name),
  );
  const incomplete = operations.filter(
    ([, { description = '', operationId = '', summary = '', tags = [] }]) =>
      operationId === '' ||
      summary === '' ||
      // More than the sentence on roles, which is on all.
      !description.includes('\n\n') ||
      tags.length !== 1 ||
      !described.has(tags[0] ?? ''),
  );
  expect(incomplete.map(([name]) => name)).toEqual([]);
  const ids = operations.map(([, { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every parameter and every answer is described', () => {
  const bare = operations.flatMap(([name, { parameters = [], responses }]) => [
    ...parameters.filter(({ description = '' }) => description === '').map((one) => `${name} ${one.name}`),
    ...Object.entries(responses)
      .filter(([, { description = '' }]) => description === '' || description === 'Default Response')
      .map(([status]) => `${name} ${status}`),
  ]);
  expect(bare).toEqual([]);
});

test('every parameter, body and answer has an example, but for cursors, which nobody can make up', () => {
  const without = places()
    .filter(([, media]) => examplesOf(media).length === 0)
    .map(([name]) => name)
    .filter((name) => !name.endsWith('query cursor'))
    // Beside the form that a route's own failures have.
    .filter((name) => !/(^get \/(v1|cimi)).* application\/problem\+json$/.test(name));
  expect(without).toEqual([]);
});

test('every operation that needs a key tells of 401 and 403, every one with parameters of 400', () => {
  const silent = operations.flatMap(([name, { parameters = [], responses, security }]) => {
    const due = [
      ...(security?.length === 0 ? [] : ['401', '403']),
      ...(parameters.length > 0 ? ['400'] : []),
    ];
    return due.filter((status) => responses[status] === undefined).map((status) => `${name} ${status}`);
  });
  expect(silent).toEqual([]);
});

test('every header that is told of is described, with the schema of its text', () => {
  const told = operations.flatMap(([name, { responses }]) =>
    Object.entries(responses).flatMap(([status, { headers = {} }]) =>
      Object.entries(headers).map(([header, value]) => [`${name} ${status} ${header}`, value] as const),
    ),
  );
  expect(told.length).toBeGreaterThan(100);
  const wrong = told.filter(
    ([, { description = '', schema = {} }]) => description === '' || !('type' in schema || 'enum' in schema),
  );
  expect(wrong.map(([name]) => name)).toEqual([]);
});

test('every example is what its schema says', () => {
  // Keywords of OpenAPI are no assertions; formats are.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');
  const wrong = places().flatMap(([name, media]) => {
    if (media.schema === undefined) return [];
    const validate = ajv.compile(withReferences(media.schema));
    return examplesOf(media)
      .filter((example) => !validate(example))
      .map(() => `${name}: ${ajv.errorsText(validate.errors)}`);
  });
  expect(wrong).toEqual([]);
});

/** The schema with its references into the document, which it is taken out of. */
function withReferences(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi#/')) as object;
}
