/**
 * Query parameters as ClickHouse reads them: the text of the value, with the escapes of TSV; inside arrays, SQL
 * literals. https://clickhouse.com/docs/interfaces/http#tabs-in-url-parameters
 */

/** Text of a parameter's value. Throws TypeError for what is no parameter. */
export function parameterText(value: unknown): string {
  if (typeof value === 'string') return value.replace(ESCAPED, escapeOf);
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '');
  return literal(value);
}

/** A string as a SQL literal. */
export function quoted(text: string): string {
  return `'${text.replace(QUOTED, escapeOf)}'`;
}

function literal(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`no query parameter: ${value}`);
      return String(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (Array.isArray(value)) return `[${value.map(literal).join(',')}]`;
      throw new TypeError(`no query parameter: a ${typeof value}`);
  }
}

// eslint-disable-next-line no-control-regex -- control characters are what it escapes
const ESCAPED = /[\\\0\b\f\n\r\t]/g;
// eslint-disable-next-line no-control-regex -- control characters are what it escapes
const QUOTED = /[\\'\0\b\f\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeOf(char: string): string {
  return ESCAPES[char] ?? char;
}
