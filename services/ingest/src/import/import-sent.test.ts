import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ndjson, testEvent } from '../../../../test/support/events.ts';
import { startImportApp } from './import-app.test-support.ts';

const two = (): Buffer => Buffer.from(ndjson([testEvent(), testEvent()]));

test('a file does not replace another of its name that waits, and nothing stays behind', async () => {
  const app = await startImportApp();
  await app.call('POST imports', { id: 'sent', unsigned: true, paused: true, from: { type: 'upload' } });
  const same = two();
  for (const bytes of [same, two(), same, Buffer.from('neither')])
    expect((await app.call('POST imports/sent/files?name=today.ndjson', bytes)).verdict).toBe('202');
  await app.call('POST imports/sent/resume', {});
  const status = await app.until('sent', ({ refused }) => refused === 1);
  expect(status.counts).toMatchObject({ events: 6, accepted: 4, duplicates: 2 });
  expect(status.recent).toMatchObject([{ file: 'today.ndjson', code: 'IMPORT_FILE_UNREADABLE' }]);
  const [folder = ''] = readdirSync(app.kept).filter((name) => name.startsWith('sent-'));
  await expect
    .poll(() => readdirSync(join(app.kept, folder, 'inbox')).filter((name) => name !== '.partial'))
    .toEqual([]);
});

test('what nothing signs is of no other tenants than those of the key that sends it', async () => {
  const app = await startImportApp();
  const bound = await app.key('bound', { tenants: ['t-a'], source: 'firewall' });
  const made = { prefix: 'firewall', unsigned: true, from: { type: 'upload' } };
  const fixed = { routing: 'fixed', ...made };
  await app.call('POST imports', { id: 'all', ...made });
  await app.call('POST imports', { id: 'both', tenants: ['t-a', 't-b'], ...fixed });
  await app.call('POST imports', { id: 'own', tenants: ['t-a'], ...fixed });
  const send = async (id: string): Promise<string> =>
    (await app.call(`POST imports/${id}/files?name=one.ndjson`, two(), bound)).verdict;
  expect(await send('all')).toBe('403 FORBIDDEN_TENANT');
  expect(await send('both')).toBe('403 FORBIDDEN_TENANT');
  expect(await send('own')).toBe('202');
});
