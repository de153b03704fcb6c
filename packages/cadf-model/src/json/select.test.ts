import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonSelection, selectJson, selectJsonValues } from './select.ts';

const TEXT = `{ "id" : "a", "n": 12345678901234567890,
  "tags": ["x", "y"], "list": [ {"k": 1, "m": {"v": [1, 2]}}, 7, {"m": null}, {} ],
  "o\\u0062ject": {"a": {"b": "c"}, "d": {}}, "k": 1, "k": {"v": 2} }`;

function select(text: string, ...paths: string[]): string {
  return selectJson(text, jsonSelection(paths.map((path) => path.split('/'))));
}

describe('a selection of members', () => {
  test.each([
    ['id', '{"id":"a"}'],
    ['n', '{"n":12345678901234567890}'],
    ['tags', '{"tags":["x", "y"]}'],
    ['list/m', '{"list":[{"m":{"v": [1, 2]}},{"m":null}]}'],
    ['list/m/v', '{"list":[{"m":{"v":[1, 2]}}]}'],
    ['object/a/b', '{"o\\u0062ject":{"a":{"b":"c"}}}'],
    ['object/d', '{"o\\u0062ject":{"d":{}}}'],
    ['object/d/e', '{}'],
    ['id/x', '{}'],
    ['k', '{"k":{"v": 2}}'],
    ['k/v', '{"k":{"v":2}}'],
    ['__proto__', '{}'],
  ])('keeps %s as it was written', (path, expected) => expect(select(TEXT, path)).toBe(expected));

  test('keeps members in their place, and the whole of what is asked for as a whole too', () => {
    expect(select(TEXT, 'tags', 'id', 'object/a/b', 'object')).toBe(
      '{"id":"a","tags":["x", "y"],"o\\u0062ject":{"a": {"b": "c"}, "d": {}}}',
    );
  });

  test('gives the values at a path, those of lists one by one', () => {
    expect(selectJsonValues(TEXT, ['list', 'm', 'v'])).toEqual({ values: ['[1, 2]'], list: true });
    expect(selectJsonValues(TEXT, ['object', 'a', 'b'])).toEqual({ values: ['"c"'], list: false });
    expect(selectJsonValues(TEXT, ['k', 'v'])).toEqual({ values: ['2'], list: false });
    expect(selectJsonValues(TEXT, ['nowhere', 'x'])).toEqual({ values: [], list: false });
  });
});

/** The same of a parsed value. */
function pick(value: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return value;
  if (Array.isArray(value)) {
    const found = value.map((one) => pick(one, path)).filter((one) => one !== undefined);
    return found.length === 0 ? undefined : found;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const [name = '', ...rest] = path;
  const member = Object.hasOwn(value, name) ? pick(Reflect.get(value, name), rest) : undefined;
  return member === undefined ? undefined : { [name]: member };
}

test('what is selected is what picking from the parsed value gives', () => {
  const name = fc.constantFrom('a', 'b', 'c"', 'd\u0000', '😀');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 1.5, 'te"x\\t', '[{'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(
      fc.dictionary(name, tree),
      fc.array(name, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(0, 2),
      (value, path, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(JSON.parse(selectJson(text, jsonSelection([path])))).toEqual(pick(value, path) ?? {});
      },
    ),
  );
});
