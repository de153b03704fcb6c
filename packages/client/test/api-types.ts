/**
 * Makes the types of `src/api.generated.ts` from the service's own OpenAPI document: only the routes that the client
 * speaks to, and of their answers the good ones. Problems (RFC 9457) are the same everywhere: `ClientError`.
 */
import openapiTypes, { astToString } from 'openapi-typescript';
import type { OpenAPI3 } from 'openapi-typescript';

/** As far as this looks into the document. */
export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, unknown>>;
}

const SPOKEN = /^\/cadf\/v1\/(?:events(?:\/\{id\}|\/stream)?|count|subscriptions(?:\/.{0,200})?)$/;

const HEAD = `/**
 * What the routes take and give, made from the OpenAPI document of the service. Do not edit: run
 * \`CADF_UPDATE_DOCS=1 npx vitest run packages/client/src/api.test.ts\`.
 */
`;

/** The text of the generated module. */
export async function renderApiTypes(document: ApiDocument): Promise<string> {
  const paths = Object.fromEntries(
    Object.entries(document.paths)
      .filter(([path]) => SPOKEN.test(path))
      .map(([path, methods]) => [path, mapValues(methods, withoutProblems)]),
  );
  const spoken = withoutExamples({
    openapi: document.openapi,
    info: { title: 'CADF pipeline', version: '1' },
    paths,
  }) as OpenAPI3;
  return HEAD + astToString(await openapiTypes(spoken, { immutable: true }));
}

function withoutProblems(operation: Operation): Operation {
  const good = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  return { ...operation, responses: Object.fromEntries(good) };
}

/** Examples are for readers of the document; here they would double its length. */
function withoutExamples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'example' && name !== 'examples')
      .map(([name, inner]) => [name, withoutExamples(inner)]),
  );
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
