import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Reads query and path parameters by the types their schema declares, before validation.
 *
 * Ajv's own coercion is off everywhere: in a body it would edit evidence. But a query string holds nothing
 * except text, so a number in it has to be read. This reader is stricter than Ajv's (`1e3`, `0x10`, ` 5` are
 * no integers); what it cannot read stays text, and validation then says what was expected.
 */
export function readTextParameters(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const query = readersOf(route.schema?.querystring);
    const params = readersOf(route.schema?.params);
    if (query.length === 0 && params.length === 0) return;
    const read = (request: FastifyRequest, _reply: unknown, next: () => void): void => {
      apply(request.query, query);
      apply(request.params, params);
      next();
    };
    const before = route.preValidation;
    route.preValidation =
      before === undefined ? [read] : [read, ...(Array.isArray(before) ? before : [before])];
  });
}

interface Reader {
  readonly name: string;
  readonly read: (text: string) => unknown;
  readonly list: boolean;
  readonly fallback: unknown;
}

function readersOf(schema: unknown): readonly Reader[] {
  const properties = memberOf(schema, 'properties');
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries(properties).flatMap(([name, property]: [string, unknown]) => {
    const list = memberOf(property, 'type') === 'array';
    const read = readerOfAny(list ? memberOf(property, 'items') : property);
    const fallback = memberOf(property, 'default');
    return read === undefined && !list && fallback === undefined
      ? []
      : [{ name, list, fallback, read: read ?? ((text: string) => text) }];
  });
}

/** Of alternatives, the first that is not text: what it cannot read stays text. */
function readerOfAny(schema: unknown): Reader['read'] | undefined {
  const alternatives = memberOf(schema, 'anyOf');
  const schemas: readonly unknown[] = Array.isArray(alternatives) ? alternatives : [schema];
  for (const one of schemas) {
    const read = readerOf(memberOf(one, 'type'));
    if (read !== undefined) return read;
  }
  return undefined;
}

function readerOf(type: unknown): Reader['read'] | undefined {
  if (type === 'integer') return (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text);
  if (type === 'number') return (text) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text);
  if (type === 'boolean') return (text) => (text === 'true' ? true : text === 'false' ? false : text);
  return undefined;
}

function apply(values: unknown, readers: readonly Reader[]): void {
  if (typeof values !== 'object' || values === null) return;
  for (const { name, read, list, fallback } of readers) {
    const value: unknown = Reflect.get(values, name);
    if (value === undefined) {
      if (fallback !== undefined) Reflect.set(values, name, fallback);
    } else if (list) {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      Reflect.set(
        values,
        name,
        items.map((item) => (typeof item === 'string' ? read(item) : item)),
      );
    } else if (typeof value === 'string') {
      Reflect.set(values, name, read(value));
    }
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
