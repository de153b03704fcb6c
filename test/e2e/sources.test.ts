/** Raw records in: over HTTP and from followed files; dead letters out, repaired and replayed. */
import { appendFileSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const captured = readFileSync(join(root, 'fixtures/libvirt-audit.log'));

interface Answer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly deadLettered: number;
  readonly ignored: number;
  readonly results: readonly { index: number; status: string; code?: string }[];
}

let service: TestService;
let logs: string;

beforeAll(async () => {
  service = await startService();
  logs = join(service.dataDir, 'logs');
  mkdirSync(logs);
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

async function register(id: string, more: object = {}): Promise<void> {
  const response = await service.fetch(`/cadf/v1/admin/sources/${id}`, {
    method: 'PUT',
    body: JSON.stringify({ type: 'libvirt-audit', name: id, ...more }),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.ok, await response.text()).toBe(true);
}

async function post(source: string, body: string | Buffer<ArrayBuffer>): Promise<Answer> {
  const response = await service.fetch(`/cadf/v1/sources/${source}/records?results=all`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain' },
  });
  expect(response.status).toBe(202);
  return (await response.json()) as Answer;
}

async function count(on: TestService = service): Promise<number> {
  return ((await (await on.fetch('/cadf/v1/count')).json()) as { count: number }).count;
}

describe('over HTTP', () => {
  test('every line of a captured log is accounted for, and a second reading adds nothing', async () => {
    await register('host-http');
    const before = await count();
    const lines = captured.toString().split('\n').filter(Boolean).length;
    const first = await post('host-http', Buffer.from(captured));
    expect(first.accepted + first.duplicates + first.rejected + first.deadLettered + first.ignored).toBe(
      lines,
    );
    expect(first.accepted).toBeGreaterThan(0);
    expect(first.deadLettered).toBe(0);
    await until(async () => (await count()) > before);
    const stored = await count();
    const second = await post('host-http', Buffer.from(captured));
    expect(second.accepted).toBe(0);
    expect(second.duplicates).toBe(first.accepted);
    await new Promise((resume) => setTimeout(resume, 700));
    expect(await count()).toBe(stored);
  });

  test('a record that cannot be read becomes a dead letter with its bytes, is repaired and replayed', async () => {
    await register('host-bad');
    const broken = Buffer.concat([Buffer.from('type=VIRT_CONTROL msg=audit(bro'), Buffer.from([0xff, 0x1d])]);
    expect(await post('host-bad', broken)).toMatchObject({ accepted: 0, deadLettered: 1 });
    interface Letter {
      readonly id: string;
      readonly base64: string;
      readonly status: string;
      readonly outcome?: string;
    }
    const letters = async (): Promise<Letter[]> =>
      (
        (await (await service.fetch('/cadf/v1/dead-letters?source=host-bad')).json()) as {
          deadLetters: Letter[];
        }
      ).deadLetters;
    await until(async () => (await letters()).length === 1);
    const [letter] = await letters();
    expect(Buffer.from(letter?.base64 ?? '', 'base64')).toEqual(broken);

    const replay = async (body?: string): Promise<unknown> =>
      (
        await service.fetch(`/cadf/v1/dead-letters/${letter?.id}/replay`, {
          method: 'POST',
          ...(body === undefined ? {} : { body, headers: { 'content-type': 'text/plain' } }),
        })
      ).json();
    expect(await replay()).toMatchObject({ status: 'open', outcome: 'dead-lettered' });
    const repaired =
      `type=VIRT_CONTROL msg=audit(1795201400.100:900): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=stop reason=destroyed ` +
      `vm="repaired" uuid=3b0a8c9e-5d1f-4f63-9f2a-6a1d0f1c2bff vm-pid=0 exe="/usr/sbin/libvirtd" hostname=? addr=? terminal=? res=success'`;
    expect(await replay(repaired)).toMatchObject({ status: 'replayed', outcome: 'accepted' });
    await until(async () => (await letters())[0]?.status === 'replayed');
    expect(await letters()).toHaveLength(1);
  });

  test('entries of the journal are taken for each type, as systemd-journal-upload sends them, and mixed ones', async () => {
    await register('host-journal', { type: 'auto' });
    const message = captured
      .toString()
      .split('\n')
      .find((line) => line.includes('op=start') && line.includes('res=success'));
    const entry = (text: string, number: number): string =>
      `__CURSOR=s=1;i=${number}\n__REALTIME_TIMESTAMP=1795201399184000\n_HOSTNAME=kvm1.example.org\n_TRANSPORT=audit\nMESSAGE=${text}\n\n`;
    const response = await service.fetch('/cadf/v1/sources/host-journal/upload', {
      method: 'POST',
      body: entry(message ?? '', 1) + entry('nobody knows this', 2),
      headers: { 'content-type': 'application/vnd.fdo.journal' },
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({
      accepted: 1,
      deadLettered: 1,
      results: [{ index: 1, code: 'AUTO_NOT_RECOGNIZED' }],
    });
  });

  test('the name of a file tells whose log it is, where the log does not', async () => {
    await register('host-guests', { type: 'libvirt-guest-log' });
    const response = await service.fetch('/cadf/v1/sources/host-guests/records?file=guest-x.log', {
      method: 'POST',
      body: '2026-11-20 18:51:31.373+0000: shutting down, reason=destroyed\n',
      headers: { 'content-type': 'text/plain' },
    });
    expect(await response.json()).toMatchObject({ accepted: 1 });
    await until(async () => {
      const page = (await (await service.fetch('/cadf/v1/events?limit=1000')).json()) as {
        events: { target?: { name?: string } }[];
      };
      return page.events.some(({ target }) => target?.name === 'guest-x');
    });
  });

  test('records of a source whose settings name no time zone are kept until that is mended', async () => {
    await register('host-zone', { type: 'openstack-nova', settings: { timezone: 'Nowhere/City' } });
    const answer = await post('host-zone', '2026-11-21 10:00:00.123 1 INFO nova.compute.manager [-] x');
    expect(answer).toMatchObject({ deadLettered: 1, results: [{ code: 'SOURCE_TIMEZONE_UNKNOWN' }] });
  });

  test('a source that is not registered, or takes no raw records, says so', async () => {
    await register('native', { type: 'cadf' });
    for (const [source, status] of [
      ['nobody', 404],
      ['native', 409],
    ] as const) {
      const response = await service.fetch(`/cadf/v1/sources/${source}/records`, {
        method: 'POST',
        body: 'x',
        headers: { 'content-type': 'text/plain' },
      });
      expect(response.status).toBe(status);
    }
  });
});

describe('a followed file', () => {
  const line = (serial: number): string =>
    `type=VIRT_CONTROL msg=audit(${1_795_300_000 + serial}.000:${serial}): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=stop reason=destroyed ` +
    `vm="vm${serial}" uuid=3b0a8c9e-5d1f-4f63-9f2a-${String(serial).padStart(12, '0')} vm-pid=0 exe="/usr/sbin/libvirtd" hostname=? addr=? terminal=? res=success'\n`;

  test(
    'is read over rotation, a kill and a restart, without loss or repeat',
    { timeout: 90_000 },
    async () => {
      const own = await startService({ env: { CADF_FOLLOW_DIRECTORIES: tmpdir() } });
      const path = join(own.dataDir, 'audit.log');
      writeFileSync(path, line(1) + line(2));
      const response = await own.fetch('/cadf/v1/admin/sources/followed', {
        method: 'PUT',
        body: JSON.stringify({ type: 'libvirt-audit', name: 'followed', follow: { path } }),
        headers: { 'content-type': 'application/json' },
      });
      expect(response.ok).toBe(true);
      const following = async (on: TestService): Promise<number> => {
        const page = (await (await on.fetch('/cadf/v1/events?limit=1000')).json()) as {
          events: { target?: { name?: string } }[];
        };
        return page.events.filter(({ target }) => /^vm\d+$/.test(target?.name ?? '')).length;
      };
      await until(async () => (await following(own)) === 2);
      appendFileSync(path, line(3) + line(4).slice(0, 40));
      await until(async () => (await following(own)) === 3);
      appendFileSync(path, line(4).slice(40));
      await until(async () => (await following(own)) === 4);
      // rotated while it runs
      renameSync(path, `${path}.1`);
      writeFileSync(path, line(5));
      await until(async () => (await following(own)) === 5);
      // killed, and rotated while it is down
      await own.kill();
      appendFileSync(path, line(6));
      renameSync(`${path}.1`, `${path}.2`);
      renameSync(path, `${path}.1`);
      writeFileSync(path, line(7));
      const again = await startService({ dataDir: own.dataDir, env: { CADF_FOLLOW_DIRECTORIES: tmpdir() } });
      await until(async () => (await following(again)) === 7);
      await new Promise((resume) => setTimeout(resume, 1500));
      expect(await following(again)).toBe(7);
      expect(await again.stop()).toBe(0);
      again.clean();
    },
  );

  test(
    'of several is read on, also when one was rotated and compressed while the process was killed',
    { timeout: 90_000 },
    async () => {
      const own = await startService({ env: { CADF_FOLLOW_DIRECTORIES: tmpdir() } });
      const folder = join(own.dataDir, 'logs');
      mkdirSync(folder);
      const [a, b] = [join(folder, 'a.log'), join(folder, 'b.log')];
      writeFileSync(a, line(1));
      const response = await own.fetch('/cadf/v1/admin/sources/followed', {
        method: 'PUT',
        body: JSON.stringify({
          type: 'libvirt-audit',
          name: 'followed',
          follow: { path: join(folder, '*.log') },
        }),
        headers: { 'content-type': 'application/json' },
      });
      expect(response.ok).toBe(true);
      const following = async (on: TestService): Promise<number[]> => {
        const page = (await (await on.fetch('/cadf/v1/events?limit=1000')).json()) as {
          events: { target?: { name?: string } }[];
        };
        return page.events
          .flatMap(({ target }) => /^vm(\d+)$/.exec(target?.name ?? '')?.[1] ?? [])
          .map(Number)
          .toSorted((left, right) => left - right);
      };
      await until(async () => (await following(own)).length === 1);
      // Found while it runs.
      writeFileSync(b, line(2) + line(3));
      await until(async () => (await following(own)).length === 3);
      await own.kill();
      appendFileSync(a, line(4));
      writeFileSync(`${a}.2.gz`, gzipSync(readFileSync(a)));
      writeFileSync(`${a}.1`, line(5));
      unlinkSync(a);
      writeFileSync(a, line(6));
      appendFileSync(b, line(7));
      const again = await startService({ dataDir: own.dataDir, env: { CADF_FOLLOW_DIRECTORIES: tmpdir() } });
      await until(async () => (await following(again)).length === 7);
      await new Promise((resume) => setTimeout(resume, 1500));
      expect(await following(again)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(await again.stop()).toBe(0);
      again.clean();
    },
  );
});
