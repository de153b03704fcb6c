/** Syslog over real sockets into a real process: every way of framing, TLS, bad senders, a kill with records held. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'cadf-syslog-'));
const file = (name: string): string => join(folder, name);

/** A key and a certificate that signs itself. */
function certify(name: string, ...more: readonly string[]): void {
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  const files = ['-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)];
  execFileSync('openssl', [...request.split(' '), '-subj', `/CN=${name}`, ...files, ...more], {
    stdio: 'ignore',
    timeout: 20_000,
  });
}

const ENV = {
  CADF_LOG_LEVEL: 'info',
  CADF_SYSLOG_UDP: '0',
  CADF_SYSLOG_TCP: '0',
  CADF_SYSLOG_TLS: '0',
  CADF_SYSLOG_TLS_CERT: file('server.crt'),
  CADF_SYSLOG_TLS_KEY: file('server.key'),
  CADF_SYSLOG_TLS_CLIENT_CA: file('client.crt'),
  CADF_SYSLOG_IDLE: '2s',
  CADF_SYSLOG_MAX_CONNECTIONS: '4',
  CADF_MAX_EVENT: '64KiB',
};

let service: TestService;

beforeAll(async () => {
  certify('server', '-addext', 'subjectAltName=IP:127.0.0.1');
  certify('client');
  certify('stranger');
  service = await startService({ env: ENV });
});
afterAll(async () => {
  await service.stop();
  service.clean();
  rmSync(folder, { recursive: true, force: true });
});

function portOf(on: TestService, transport: string): number {
  const found = new RegExp(`"transport":"${transport}"[^\\n]*"port":(\\d+)[^\\n]*listening for syslog`).exec(
    on.output(),
  );
  return Number(found?.[1]);
}

async function register(id: string, definition: object, on: TestService = service): Promise<void> {
  const response = await on.fetch(`/cadf/v1/admin/sources/${id}`, {
    method: 'PUT',
    body: JSON.stringify({ type: 'libvirt-audit', name: id, ...definition }),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.ok, await response.text()).toBe(true);
}

/** A record of a machine that was stopped, with the header that audisp's plugin gives it. */
function stopOf(machine: string, serial: number): string {
  return (
    `<13>Nov 21 10:00:00 host-a audispd: type=VIRT_CONTROL msg=audit(${1_795_300_000 + serial}.000:${serial}): pid=1 uid=0 auid=4294967295 ses=4294967295 ` +
    `msg='virt=kvm op=stop reason=destroyed vm="${machine}" uuid=3b0a8c9e-5d1f-4f63-9f2a-${String(serial).padStart(12, '0')} vm-pid=0 ` +
    `exe="/usr/sbin/libvirtd" hostname=? addr=? terminal=? res=success'`
  );
}

async function machines(prefix: string, on: TestService = service): Promise<string[]> {
  const page = (await (await on.fetch('/cadf/v1/events?limit=1000&order=asc')).json()) as {
    events: { target?: { name?: string } }[];
  };
  return page.events
    .map(({ target }) => target?.name ?? '')
    .filter((name) => name.startsWith(prefix))
    .toSorted();
}

interface Letter {
  readonly code: string;
  readonly source: string;
  readonly base64: string;
  readonly detail: string;
}

async function letters(code: string): Promise<Letter[]> {
  const answer = (await (await service.fetch('/cadf/v1/dead-letters?limit=1000')).json()) as {
    deadLetters: Letter[];
  };
  return answer.deadLetters.filter((letter) => letter.code === code);
}

function open(transport: 'tcp' | 'tls', more: ConnectionOptions = {}): Socket {
  const port = portOf(service, transport);
  const socket =
    transport === 'tcp'
      ? connect({ host: '127.0.0.1', port })
      : connectTls({ host: '127.0.0.1', port, ca: readFileSync(file('server.crt')), ...more });
  socket.on('error', () => undefined);
  socket.resume();
  return socket;
}

function closing(socket: Socket): Promise<void> {
  return new Promise((closed) => (socket.destroyed ? closed() : socket.once('close', () => closed())));
}

async function metric(name: string): Promise<number> {
  const text = await (await service.fetch('/metrics')).text();
  const found = text.split('\n').find((line) => line.startsWith(name));
  return Number(found?.split(' ').at(-1) ?? 0);
}

describe('before any source listens', () => {
  test('what a sender says is a dead letter that tells who sent it, and is counted', async () => {
    const socket = open('tcp');
    socket.end('<13>who am I\n');
    await until(async () => (await letters('SYSLOG_SENDER_UNKNOWN')).length === 1);
    const [letter] = await letters('SYSLOG_SENDER_UNKNOWN');
    expect(letter?.detail).toContain('127.0.0.1');
    expect(Buffer.from(letter?.base64 ?? '', 'base64').toString()).toBe('<13>who am I');
    expect(await metric('cadf_records_total{outcome="dead-lettered",source="syslog"}')).toBe(1);
  });
});

describe('a registered sender', () => {
  beforeAll(() => register('hypervisors', { listen: { syslog: ['127.0.0.0/8'] } }));

  test('over UDP: a datagram is a record', async () => {
    const socket = createSocket('udp4');
    for (const serial of [1, 2])
      socket.send(stopOf(`udp-${serial}`, serial), portOf(service, 'udp'), '127.0.0.1');
    await until(async () => (await machines('udp-')).length === 2);
    socket.close();
  });

  test('over TCP: lines and counted octets in one connection, in pieces', async () => {
    const socket = open('tcp');
    const counted = stopOf('tcp-2', 12);
    const wire = `${stopOf('tcp-1', 11)}\n${counted.length} ${counted}${stopOf('tcp-3', 13)}`;
    for (const part of [wire.slice(0, 100), wire.slice(100, 340), wire.slice(340)]) {
      await new Promise<void>((written) => socket.write(part, () => written()));
      await new Promise((resume) => setTimeout(resume, 20));
    }
    socket.end();
    await until(async () => (await machines('tcp-')).length === 3);
    const page = (await (await service.fetch('/cadf/v1/events?limit=1000')).json()) as {
      events: {
        target?: { name?: string };
        observer?: { host?: { id?: string } };
        attachments?: { content: string }[];
      }[];
    };
    const event = page.events.find(({ target }) => target?.name === 'tcp-2');
    expect(event?.attachments?.[0]?.content).toBe(counted);
  });

  test('over TLS with a certificate that is trusted; without one it is refused', async () => {
    const client = (name: string): ConnectionOptions => ({
      cert: readFileSync(file(`${name}.crt`)),
      key: readFileSync(file(`${name}.key`)),
    });
    const message = stopOf('tls-1', 21);
    open('tls', client('client')).end(`${message.length} ${message}`);
    await until(async () => (await machines('tls-')).length === 1);
    for (const refused of [open('tls'), open('tls', client('stranger'))]) {
      refused.write(`${stopOf('tls-no', 22)}\n`);
      await closing(refused);
    }
    await until(
      async () => (await metric('cadf_syslog_closed_total{transport="tls",reason="handshake"}')) === 2,
    );
    expect(await machines('tls-')).toEqual(['tls-1']);
  });

  test('what is no frame ends the connection, kept as a dead letter', async () => {
    const socket = open('tcp');
    const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);
    socket.write(hello);
    await closing(socket);
    await until(async () => (await letters('SYSLOG_FRAMING_INVALID')).length === 1);
    const [letter] = await letters('SYSLOG_FRAMING_INVALID');
    expect(letter?.source).toBe('hypervisors');
    expect(Buffer.from(letter?.base64 ?? '', 'base64')).toEqual(hello);
    expect(await metric('cadf_syslog_closed_total{transport="tcp",reason="framing"}')).toBe(1);
  });

  test('a message that is too long, or was never finished, is a dead letter, and what follows is read', async () => {
    const socket = open('tcp');
    socket.write(`<13>${'x'.repeat(100_000)}\n${stopOf('after-long', 31)}\n500 <13>half`);
    socket.end();
    await until(async () => (await machines('after-')).length === 1);
    await until(async () => (await letters('RECORD_TOO_LONG')).length === 1);
    await until(async () => (await letters('SYSLOG_FRAME_INCOMPLETE')).length === 1);
  });

  test('a silent connection is closed, and no more than are allowed are open', async () => {
    const sockets = Array.from({ length: 7 }, () => open('tcp'));
    await Promise.all(sockets.map(closing));
    await until(
      async () => (await metric('cadf_syslog_closed_total{transport="tcp",reason="too-many"}')) >= 3,
    );
    expect(await metric('cadf_syslog_closed_total{transport="tcp",reason="idle"}')).toBe(4);
  });

  test('of two sources the one with the longer prefix has the sender, also when it finds out what records are', async () => {
    await register('this-one', { type: 'auto', listen: { syslog: ['127.0.0.1'] } });
    open('tcp').end(`${stopOf('longer-1', 41)}\n`);
    await until(async () => (await machines('longer-')).length === 1);
    await until(async () => (await metric('cadf_records_total{outcome="accepted",source="this-one"}')) === 1);
  });
});

const START = (serial: number, machine: string): readonly string[] => {
  const uuid = `3b0a8c9e-5d1f-4f63-9f2a-${String(serial).padStart(12, '0')}`;
  const tail = `exe="/usr/sbin/libvirtd" hostname=? addr=? terminal=? res=success'`;
  const head = (type: string, count: number): string =>
    `type=${type} msg=audit(${1_795_300_000 + serial}.000:${serial}${count}): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='`;
  return [
    `${head('VIRT_RESOURCE', 1)}virt=kvm resrc=disk reason=start vm="${machine}" uuid=${uuid} old-disk="?" new-disk="/d.img" ${tail}`,
    `${head('VIRT_RESOURCE', 2)}virt=kvm resrc=mem reason=start vm="${machine}" uuid=${uuid} old-mem=0 new-mem=1024 ${tail}`,
    `${head('VIRT_CONTROL', 3)}virt=kvm op=start reason=booted vm="${machine}" uuid=${uuid} vm-pid=7 ${tail}`,
  ];
};

describe('records that wait for others', () => {
  const write = async (port: number, lines: readonly string[]): Promise<void> => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.end(lines.map((line) => `${line}\n`).join(''));
    await new Promise((closed) => socket.once('close', closed));
  };
  const starts = async (on: TestService): Promise<{ action: string; attachments: { name: string }[] }[]> =>
    (
      (await (await on.fetch('/cadf/v1/events?limit=1000')).json()) as {
        events: { target?: { name?: string }; action: string; attachments: { name: string }[] }[];
      }
    ).events.filter(({ target }) => target?.name === 'held-vm');

  test(
    'are not lost by a kill: the start made of them is one event, whole',
    { timeout: 90_000 },
    async () => {
      const env = { CADF_SYSLOG_TCP: '0', CADF_RECORDS_IDLE: '1h' };
      const first = await startService({ env });
      await register('held', { listen: { syslog: ['127.0.0.1'] } }, first);
      const [disk = '', memory = '', start = ''] = START(1, 'held-vm');
      await write(portOf(first, 'tcp'), [disk, memory, stopOf('other', 500)]);
      // What came behind them has been stored and committed; they are still waited for.
      await until(async () => (await machines('other', first)).length === 1);
      await new Promise((resume) => setTimeout(resume, 1500));
      await first.kill();
      const second = await startService({ env, dataDir: first.dataDir });
      await write(portOf(second, 'tcp'), [start]);
      await until(async () => (await starts(second)).length > 0);
      await new Promise((resume) => setTimeout(resume, 1000));
      const found = await starts(second);
      expect(found.map(({ action }) => action)).toEqual(['start']);
      expect(found[0]?.attachments.filter(({ name }) => name.includes('record'))).toHaveLength(3);
      expect(await machines('other', second)).toEqual(['other']);
      expect(await second.stop()).toBe(0);
      second.clean();
    },
  );

  test('are taken as they are when their sender is silent', { timeout: 60_000 }, async () => {
    const own = await startService({ env: { CADF_SYSLOG_TCP: '0', CADF_RECORDS_IDLE: '500ms' } });
    await register('held', { listen: { syslog: ['127.0.0.1'] } }, own);
    await write(portOf(own, 'tcp'), START(2, 'held-vm').slice(0, 2));
    await until(async () => (await starts(own)).length === 1);
    expect((await starts(own))[0]?.action).toBe('unknown');
    expect(await own.stop()).toBe(0);
    own.clean();
  });
});
