import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSExpression } from './s-expression.ts';
import type { SExpression } from './s-expression.ts';

function write(expression: SExpression): string {
  if (typeof expression !== 'string') return `(${expression.map(write).join(' ')})`;
  return `'${expression.replaceAll(/[\\"']/g, (found) => `\\${found}`)}'`;
}

function escapeForSyslog(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      if (byte === 0x5c) return '\\\\';
      return byte >= 0x20 && byte < 0x7f
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

test('a quote in a name is escaped twice, bytes of UTF-8 once', () => {
  expect(readSExpression(String.raw`('it\\'s web' 'caf\xC3\xA9' 'EXAMPLE\\\\jane')`)).toEqual([
    "it's web",
    'café',
    'EXAMPLE\\jane',
  ]);
});

test('a lone backslash in a name is read as one, however often it was escaped', () => {
  for (const written of [String.raw`('EX\\jane')`, String.raw`('EX\jane')`, String.raw`('EX\\\\jane')`])
    expect(readSExpression(written)).toEqual(['EX\\jane']);
});

test('a text escaped once too little or once too often is read as well', () => {
  expect(readSExpression(String.raw`('it\'s web')`)).toEqual(["it's web"]);
  expect(readSExpression(String.raw`('EXAMPLE\\jane')`)).toEqual(['EXAMPLE\\jane']);
  expect(readSExpression(escapeForSyslog(escapeForSyslog(write(["l'été"]))))).toEqual(["l'été"]);
  expect(readSExpression(String.raw`('EXAMPLE\\jane' 'it\\'s')`)).toEqual(['EXAMPLE\\jane', "it's"]);
});

test('what breaks off, or nests without end, is no expression', () => {
  for (const text of [
    '',
    '(',
    "('a'",
    "('a",
    "'a'",
    `${'('.repeat(20)}${')'.repeat(20)}`,
    `(${"'a' ".repeat(5000)})`,
  ])
    expect(readSExpression(text)).toBeUndefined();
});

test('every expression whose names have no backslash survives both ways of escaping', () => {
  const atom = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\\', '/'));
  const { tree } = fc.letrec<{ tree: SExpression; leaf: string }>((tie) => ({
    leaf: atom,
    tree: fc.oneof({ depthSize: 'small' }, tie('leaf'), fc.array(tie('tree'), { maxLength: 5 })),
  }));
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 5 }), (expression) => {
      expect(readSExpression(escapeForSyslog(write(expression)))).toEqual(expression);
    }),
    { numRuns: 200 },
  );
});

test('any text ends in an expression or in none, never in an exception', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('(', ')', "'", '\\', 'x', 'C', '3', ' ', '"') }),
      (text) => {
        const read = readSExpression(text);
        expect(read === undefined || typeof read === 'object').toBe(true);
      },
    ),
  );
});
