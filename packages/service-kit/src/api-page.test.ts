import { expect, test } from 'vitest';
import { renderApiPage } from './api-page.ts';

const operation = {
  operationId: 'getThings',
  tags: ['Things'],
  summary: 'List <things>',
  description: 'All `of` them.\n\nNeeds a key.',
  parameters: [
    { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 9 }, example: 5 },
  ],
  responses: {
    200: { description: 'The things', content: { 'text/csv': { example: 'a,<b>' } } },
    404: { description: 'None', content: { 'application/problem+json': { examples: { NOT_FOUND: {} } } } },
  },
};

test('an operation stands in its chapter, with types, examples and the way to its problems; nothing is taken for HTML', () => {
  const page = renderApiPage({
    info: { title: 'T & U', version: '1' },
    tags: [{ name: 'Things', description: 'What there is.' }],
    paths: { '/things': { get: operation } },
  });
  expect(page).toContain('<h2 id="things">Things</h2><p>What there is.</p>');
  expect(page).toContain('List &#60;things&#62;');
  expect(page).toContain('<p>All <code>of</code> them.</p><p>Needs a key.</p>');
  expect(page).toContain('integer 1–9');
  expect(page).toContain('<pre>a,&#60;b&#62;</pre>');
  expect(page).toContain('<a href="/docs/errors#NOT_FOUND">');
});
