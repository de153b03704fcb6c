import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ndjson, testEvent } from '../../../../test/support/events.ts';
import { BOOTSTRAP, startImportApp } from './import-app.test-support.ts';

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

test('a file that is refused leaves the one that waits, and its connection answers what is asked next', async () => {
  const app = await startImportApp({ CADF_IMPORT_MAX_BYTES: '1MiB' });
  await app.call('POST imports', { id: 'sent', unsigned: true, paused: true, from: { type: 'upload' } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ports = new Set<number | undefined>();
  // Without a length, so that it is refused only while it is read; a part of a chain, so that the same name replaces.
  const send = async (bytes: Buffer): Promise<string> => {
    const sent = request(`${app.url}/cadf/v1/imports/sent/segments/000000000001.events.ndjson`, {
      agent,
      method: 'PUT',
      headers: { authorization: `Bearer ${BOOTSTRAP}`, 'content-type': 'application/octet-stream' },
    });
    const answer = answerOf(sent);
    for (let at = 0; at < bytes.length; at += 65_536) sent.write(bytes.subarray(at, at + 65_536));
    sent.end();
    const { body, status } = await answer;
    ports.add(sent.socket?.localPort);
    return `${status} ${String(body['code'] ?? body['bytes'])}`;
  };
  const waiting = Buffer.alloc(600 * 1024, 'waits');
  expect(await send(waiting)).toBe(`202 ${waiting.length}`);
  expect(await send(Buffer.alloc(1024 ** 2, 'refused'))).toBe('429 IMPORT_INBOX_FULL');
  const [folder = ''] = readdirSync(app.kept).filter((name) => name.startsWith('sent-'));
  const inbox = join(app.kept, folder, 'inbox');
  expect(readFileSync(join(inbox, '000000000001.events.ndjson'))).toEqual(waiting);
  const next = two();
  expect(await send(next)).toBe(`202 ${next.length}`);
  expect(readFileSync(join(inbox, '000000000001.events.ndjson'))).toEqual(next);
  expect(readdirSync(inbox).filter((name) => name !== '.partial')).toHaveLength(1);
  expect(ports.size).toBe(1);
});

async function answerOf(sent: ClientRequest): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  return { status: answer.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> };
}
