/** The `fields` parameter: which members of an event are asked for. */
import { jsonSelection, selectJson } from '@cadf-pipeline/cadf-model';
import { parseFilter } from '@cadf-pipeline/event-filter';
import type { Path } from '@cadf-pipeline/event-filter';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { queryErrors } from '../errors.ts';

export interface Field {
  /** As it was asked for: the heading of its column. */
  readonly name: string;
  readonly path: Path;
}

const MAX_FIELDS = 64;

/** A list as written in a query string, or as given in a body. Throws QUERY_FIELDS_INVALID. */
export function readFields(fields: string | readonly string[]): readonly Field[] {
  const names = typeof fields === 'string' ? splitAtCommas(fields) : fields;
  if (names.length > MAX_FIELDS) throw invalid(`${names.length} fields, the most is ${MAX_FIELDS}.`);
  return names.map((name) => ({ name: name.trim(), path: readPath(name.trim()) }));
}

/** What of an event's text is asked for. */
export function selectFields(fields: readonly Field[]): (text: string) => string {
  const selection = jsonSelection(fields.map(({ path }) => path));
  return (text) => selectJson(text, selection);
}

/** A path is what filters take for one; a name that is nearly one of the standard's is most likely a slip. */
function readPath(name: string): Path {
  const parsed = parseFilter(`${name} exists`);
  if (parsed.ok && parsed.filter.kind === 'exists') return parsed.filter.path;
  const why = parsed.ok ? 'it is no path' : parsed.fault.message;
  throw invalid(`${JSON.stringify(name.slice(0, 100))}: ${why}`);
}

/** A name in backticks may hold a comma. */
function splitAtCommas(text: string): string[] {
  const names: string[] = [''];
  for (const [index, piece] of text.split('`').entries()) {
    if (index % 2 === 1) names[names.length - 1] += `\`${piece}\``;
    else {
      const [first = '', ...others] = piece.split(',');
      names[names.length - 1] += first;
      names.push(...others);
    }
  }
  return names;
}

function invalid(detail: string): ProblemError {
  return new ProblemError(queryErrors.QUERY_FIELDS_INVALID, { detail });
}
