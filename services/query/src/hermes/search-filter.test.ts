import { compilePredicate, sqlCondition } from '@cadf-pipeline/event-filter';
import { ProblemError } from '@cadf-pipeline/service-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchFilter } from './search-filter.ts';

const event = {
  id: 'd3f6695e-8a55-5db1-895c-9f7f0910b7a5',
  action: 'update/add/floatingip',
  outcome: 'failure',
  requestPath: '/v2.0/floatingips.json',
  initiator: { name: 'ada', host: { address: '10.0.0.7' } },
  target: { name: 'Grüße an Bob' },
  reason: { reasonCode: 409 },
  tags: ['one two', 'three'],
};

describe('a search finds the event', () => {
  it.each([
    ['ada', true],
    ['ADA', true],
    ['grüsse', false],
    ['grüße', true],
    ['initiator', false],
    ['ada nobody', true],
    ['nobody ada', true],
    ['nobody noone', false],
    ['ada AND bob', true],
    ['ada && nobody', false],
    ['nobody OR bob', true],
    ['nobody || noone', false],
    ['ada AND NOT bob', false],
    ['ada AND NOT nobody', true],
    ['ada -bob', false],
    ['ada -nobody', true],
    ['-nobody', true],
    ['NOT ada', false],
    ['!ada', false],
    ['- -ada', true],
    ['+nobody ada', false],
    ['+ada nobody', true],
    ['"one two"', true],
    ['"two one"', false],
    ['"two three"', false],
    ['d3f6695e-8a55-5db1-895c-9f7f0910b7a5', true],
    ['8a55-5db1', true],
    ['5db1-8a55', false],
    ['10.0.0.7', true],
    ['10.0.7.0', false],
    ['/v2.0/floatingips.json', true],
    ['409', true],
    ['(ada OR nobody) AND (bob OR noone)', true],
    ['(ada AND nobody) OR (noone AND bob)', false],
    ['initiator.name:ada', true],
    ['initiator.name:bob', false],
    ['target.name:(alice OR bob)', true],
    ['target.name:"an bob"', true],
    ['action:floatingip', true],
    ['action.keyword:floatingip', false],
    ['action.keyword:update/add/floatingip', true],
    ['_exists_:tags', true],
    ['_exists_:initiator.host.agent', false],
    ['tags:*', true],
    ['*', true],
    ['*:*', true],
    ['http\\://x ada', true],
    ['http://nowhere', false],
    ['an\\ bob', true],
  ])('%s: %s', (text, found) => {
    const filter = searchFilter(text);
    expect(filter === undefined || compilePredicate(filter)(event)).toBe(found);
  });
});

it.each([
  ['fo*', 'search has fo*: wildcards'],
  ['fuzzy~2', 'search has fuzzy~2: wildcards'],
  ['time:[1 TO 2]', 'search has a range'],
  ['code:>400', 'search has a range'],
  ['"open', 'never closes it'],
  ['(open', 'search opens a bracket'],
  ['close)', 'search closes a bracket'],
  ['ada AND', 'nothing to look for behind it'],
  ['AND ada', 'nothing to look for behind it'],
  ['-', 'nothing to look for behind it'],
  ['--', 'nothing to look for behind it'],
  ['/', 'search has no word'],
  ['()', 'search has no word'],
  ['OR', 'search has no word'],
  ['x'.repeat(1025), 'search is longer'],
  ['a '.repeat(129), 'search has more than 128'],
  [`${'('.repeat(18)}a${')'.repeat(18)}`, 'search has more than 16 brackets'],
])('%s is refused', (text, said) => {
  expect(() => searchFilter(text)).toThrow(said);
  expect(() => searchFilter(text)).toThrow(ProblemError);
});

it('any text is understood or refused', () => {
  const sign = fc.constantFrom(
    'a',
    'b:',
    '"',
    '(',
    ')',
    '-',
    '+',
    '!',
    '\\',
    ' ',
    'AND',
    'OR',
    'NOT',
    '*',
    '/',
    '[',
    '.',
  );
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 20 }), (signs) => {
      try {
        const filter = searchFilter(signs.join(''));
        if (filter !== undefined) sqlCondition(filter);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
