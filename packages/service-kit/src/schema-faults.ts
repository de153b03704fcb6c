/** What a schema says of a request, as faults for its sender: one for each place. */
import type { ProblemFault } from './problem.ts';

/** An error of ajv, what is read of it. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword?: string;
  readonly schemaPath?: string;
  readonly message?: string;
  readonly params?: unknown;
}

const MAX_FAULTS = 20;
const MAX_MESSAGE = 500;

/** `place`: `body`, `querystring`, … */
export function toFaults(place: string, errors: readonly SchemaError[]): ProblemFault[] {
  const choices = new Set(
    errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath),
  );
  const told = new Set<string>();
  const faults: ProblemFault[] = [];
  for (const error of errors) {
    const { instancePath } = error;
    const unknown = unknownForm(place, error);
    if (unknown !== undefined) {
      faults.push(unknown);
      continue;
    }
    const path = place + instancePath;
    if (!choices.has(instancePath)) faults.push({ path, message: messageOf(error).slice(0, MAX_MESSAGE) });
    else if (!told.has(instancePath)) {
      told.add(instancePath);
      const own = errors.filter((other) => other.instancePath === instancePath && other.keyword !== 'anyOf');
      faults.push({ path, message: choiceOf(own).slice(0, MAX_MESSAGE) });
    }
  }
  return faults.slice(0, MAX_FAULTS);
}

/** Of a member that says which of several forms an object has, and says none of them. */
function unknownForm(
  place: string,
  { instancePath, keyword, params }: SchemaError,
): ProblemFault | undefined {
  if (keyword !== 'discriminator' || typeof params !== 'object' || params === null) return undefined;
  if (!('tag' in params) || typeof params.tag !== 'string') return undefined;
  const value = 'tagValue' in params ? params.tagValue : undefined;
  const message =
    value === undefined
      ? 'is missing: it says which form this is'
      : `${JSON.stringify(value)} is none of its values`;
  return { path: `${place}${instancePath}/${params.tag}`, message: message.slice(0, MAX_MESSAGE) };
}

/** What each choice wants, where none is met: `must be <= 10000, or must be "all"`. */
function choiceOf(errors: readonly SchemaError[]): string {
  const branches = new Map<string, SchemaError[]>();
  for (const error of errors) {
    const branch = /^.*\/anyOf\/\d+/.exec(error.schemaPath ?? '')?.[0] ?? '';
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  const wanted = [...branches.values()].map((branch) => {
    // A constant says all: of which type it is, too.
    const constant = branch.find(({ keyword }) => keyword === 'const');
    return constant === undefined ? branch.map(messageOf).join(', ') : messageOf(constant);
  });
  return [...new Set(wanted)].join(', or ') || 'is none of what may stand here';
}

function messageOf({ message = 'is invalid', params }: SchemaError): string {
  if (typeof params !== 'object' || params === null) return message;
  if ('additionalProperty' in params) return `${message}: ${JSON.stringify(params.additionalProperty)}`;
  if ('allowedValues' in params) return `${message}: ${JSON.stringify(params.allowedValues)}`;
  if ('allowedValue' in params) return `must be ${JSON.stringify(params.allowedValue)}`;
  return message;
}
