/** The whole API document, of what the routes say: its chapters in order, the shared schemas by name. */
import { PROBLEM_SCHEMA, problemExamples } from './api-problems.ts';
import { describeTags } from './api-tags.ts';
import type { ErrorTable } from './problem.ts';

/** Adds to an OpenAPI document what is not of a single route. */
export function completeDocument(document: object, errors: readonly ErrorTable[]): object {
  const operations = members(memberOf(document, 'paths')).flatMap(members);
  const tags = operations.flatMap((operation) => members(memberOf(operation, 'tags')));
  const names = new Set(tags.filter((tag) => typeof tag === 'string'));
  const components = Object(memberOf(document, 'components'));
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...components.schemas, Problem: PROBLEM_SCHEMA },
      examples: problemExamples(errors),
    },
    tags: describeTags(names),
  };
}

function members(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
