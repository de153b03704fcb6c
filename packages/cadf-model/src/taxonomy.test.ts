import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyAction, classifyOutcome, classifyResource, equivalentPaths } from './taxonomy.ts';
import { actionTaxonomy, outcomeTaxonomy, resourceTaxonomy } from './taxonomy.generated.ts';

test('every node of the standard is found as itself, every other listed node below one', () => {
  const taxonomies = [
    [actionTaxonomy, classifyAction],
    [resourceTaxonomy, classifyResource],
    [outcomeTaxonomy, classifyOutcome],
  ] as const;
  for (const [data, classify] of taxonomies) {
    for (const node of data.nodes) {
      expect(classify(node.path).kind, node.path).toBe(node.origin === 'standard' ? 'standard' : 'extension');
      expect(classify(data.baseUri + node.path)).toMatchObject({ path: node.path, absolute: true });
      expect(node.path.split('/').length).toBeLessThan(8);
    }
  }
});

test.each([
  ['create', 'standard', 'create'],
  ['create/x', 'extension', 'create'],
  ['update/resize/confirm', 'extension', 'update'],
  ['authenticate/login/sso', 'extension', 'authenticate/login'],
  ['created.project', 'alias', 'create'],
  ['created.OS-TRUST:trust', 'alias', 'create'],
  ['list', 'alias', 'read'],
  ['UPDATE', 'other-case', 'update'],
  ['created', 'unknown-root', undefined],
  ['created.', 'unknown-root', undefined],
  ['readme', 'unknown-root', undefined],
  ['createx/y', 'unknown-root', undefined],
  ['http://example.org/a', 'foreign', undefined],
  ['urn:example:a', 'foreign', undefined],
  ['', 'malformed', undefined],
  ['/create', 'malformed', undefined],
  ['create/', 'malformed', undefined],
  ['create//x', 'malformed', undefined],
  ['create x', 'malformed', undefined],
  ['create\u0000', 'malformed', undefined],
  ['http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/action/', 'malformed', undefined],
] as const)('the action "%s" is %s of %s', (value, kind, standard) => {
  expect(classifyAction(value)).toMatchObject({ kind, standard });
});

test('prefixes are whole segments: a longer word is never below a shorter one', () => {
  const nodes = resourceTaxonomy.nodes.map((node) => node.path);
  fc.assert(
    fc.property(fc.constantFrom(...nodes), fc.stringMatching(/^[a-z.]{1,6}$/), (node, more) => {
      const found = classifyResource(node + more);
      expect(
        found.standard === undefined ||
          `${node}${more}`.startsWith(`${found.standard}/`) ||
          nodes.includes(node + more),
      ).toBe(true);
    }),
  );
});

test('absolute URIs of the taxonomy are its paths, with http and with https', () => {
  const path = 'storage/memory/cache';
  for (const scheme of ['http', 'https']) {
    const uri = `${scheme}://schemas.dmtf.org/cloud/audit/1.0/taxonomy/resource/${path}`;
    expect(classifyResource(uri)).toEqual({
      kind: 'standard',
      standard: path,
      path,
      canonical: path,
      absolute: true,
    });
  }
});

test('outcomes have children and no new roots', () => {
  expect(classifyOutcome('failure/denied').kind).toBe('extension');
  expect(classifyOutcome('failed').kind).toBe('unknown-root');
});

test('aliases name one canonical path and are found from each other', () => {
  expect(classifyResource('service/security/account/user').canonical).toBe('data/security/account/user');
  expect(classifyResource('security/account/user').canonical).toBe('data/security/account/user');
  expect(classifyAction('authenticate/logon').canonical).toBe('authenticate/login');
  const users = equivalentPaths(resourceTaxonomy, 'service/security/account/user');
  expect(new Set(users)).toEqual(
    new Set(['service/security/account/user', 'data/security/account/user', 'security/account/user']),
  );
  expect(equivalentPaths(actionTaxonomy, 'create/project')).toContain('created.project');
});

test('thousands of distinct values are looked up right, whatever is remembered', () => {
  for (let index = 0; index < 10_000; index++) classifyAction(`update/v${index}`);
  expect(classifyAction('update/v1')).toMatchObject({ kind: 'extension', standard: 'update' });
  expect(classifyAction('x'.repeat(5000)).kind).toBe('unknown-root');
});
