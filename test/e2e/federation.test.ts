/**
 * Two deployments that give each other feeds over HTTPS: invitations accepted on the command line, events while they are
 * submitted, both killed again and again, keys rotated in between. In the end both have the same events on the same days.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCertificateAuthority } from '../support/certificate-authority.ts';
import type { CertificateAuthority } from '../support/certificate-authority.ts';
import { readIds, startFlow } from '../support/flow.ts';
import type { Flow } from '../support/flow.ts';
import { startService, TEST_KEY, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const CLI = resolve(import.meta.dirname, '../../packages/cli/src/main.ts');
const TENANT = 'acme';
const NAME = 'Ada Augusta King';
const DAYS = ['2026-10-30', '2026-10-31', '2026-11-01'];
const CADENCE_SECONDS = 10;
/** For all that is under way to arrive: two periods, and what starting takes. */
const ARRIVAL_MS = 30_000;

let folder: string;
let authority: CertificateAuthority;
let provider: Deployment;
let recipient: Deployment;

interface Deployment {
  service: TestService;
  readonly dataDir: string;
  readonly env: Record<string, string>;
  /** As one that dies without a word, and comes back at the same address. */
  restart(): Promise<void>;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cadf-federation-'));
  authority = await createCertificateAuthority(folder);
  setDefaultCACertificates([...getCACertificates('default'), authority.pem]);
  [provider, recipient] = await Promise.all([deploy('provider'), deploy('recipient')]);
}, 90_000);
afterAll(async () => {
  for (const each of [provider, recipient]) {
    await each?.service.kill();
    each?.service.clean();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function deploy(name: string): Promise<Deployment> {
  const { cert, key } = await authority.certify(name);
  const env: Record<string, string> = {
    CADF_TLS_CERT: cert,
    CADF_TLS_KEY: key,
    CADF_FEDERATION_CA_FILE: authority.file,
    CADF_FEDERATION_ALLOW_PRIVATE: 'true',
    CADF_LOG_LEVEL: 'warn',
  };
  const service = await startService({ env });
  const deployment: Deployment = {
    service,
    dataDir: service.dataDir,
    env: { ...env, CADF_HTTP_PORT: new URL(service.url).port },
    async restart() {
      await deployment.service.kill();
      deployment.service = await startService({ env: deployment.env, dataDir: deployment.dataDir });
    },
  };
  return deployment;
}

async function ask(to: Deployment, method: string, path: string, body?: object): Promise<Answer> {
  const response = await to.service.fetch(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}
// oxlint-disable-next-line typescript/no-explicit-any -- what is asked for is compared as a whole
type Answer = Record<string, any>;

async function cadf(at: Deployment, commandLine: readonly string[], stdin = ''): Promise<string> {
  const child = spawn(process.execPath, [CLI, 'federation', ...commandLine, '--url', at.service.url], {
    env: { CADF_KEY: TEST_KEY, NODE_EXTRA_CA_CERTS: authority.file },
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.end(stdin);
  const status = await new Promise<number | null>((done) => child.on('close', done));
  if (status !== 0) throw new Error(`cadf federation ${commandLine[0]}: ${status} ${errors}`);
  return output;
}

/** Makes a feed and has the other side take it, with one command on each. */
async function give(
  from: Deployment,
  to: Deployment,
  name: string,
  redaction: readonly object[],
): Promise<void> {
  await ask(from, 'POST', '/cadf/v1/feeds', {
    id: 'acme-feed',
    tenants: [TENANT],
    start: 'beginning',
    cadenceSeconds: CADENCE_SECONDS,
    redaction,
  });
  const invitation = await cadf(from, ['invite', 'acme-feed']);
  await cadf(to, ['accept', '-', '--as', name, '--tenant', TENANT, '--every', '5'], invitation);
  // It counts once.
  await expect(
    ask(to, 'POST', '/cadf/v1/imports', { from: { type: 'feed', invitation: invitation.trim() } }),
  ).rejects.toThrow('IMPORT_INVITATION_REFUSED');
}

function flowOf(at: Deployment, tenant: string, source: string, events: number): Flow {
  return startFlow({
    services: () => [at.service],
    tenant,
    events,
    source,
    perBatch: 25,
    senders: 2,
    pauseMs: 120,
    vary: (number) => ({
      eventTime: `${DAYS[number % DAYS.length]}T12:00:00.${String(number % 1000).padStart(3, '0')}000+00:00`,
      initiator: { id: 'i', typeURI: 'data/security/account/user', name: NAME, project_id: tenant },
    }),
  });
}

async function perDay(at: Deployment): Promise<Record<string, number>> {
  const { buckets } = await ask(at, 'GET', `/cadf/v1/timeline?tenant=${TENANT}&interval=1d`);
  const days: Record<string, number> = {};
  for (const { start, count } of buckets) if (count > 0) days[start] = count;
  return days;
}

/** Events of each source, named as at the side that had them first. */
async function perSource(at: Deployment, own: string, other: string): Promise<Record<string, number>> {
  const { facets } = await ask(at, 'GET', `/cadf/v1/facets?tenant=${TENANT}&field=source&top=100`);
  const sources: Record<string, number> = {};
  for (const { value, count } of facets[0].values) {
    const name = String(value);
    sources[name.startsWith(`${other}.`) ? name : `${own}.${name}`] = count;
  }
  return sources;
}

test('events get across, both ways, while both sides die and keys are rotated, and nothing circulates', async () => {
  await Promise.all([
    give(provider, recipient, 'provider', [{ id: 'no-names', action: 'hash', paths: ['initiator/name'] }]),
    give(recipient, provider, 'recipient', []),
  ]);
  const flows = [
    flowOf(provider, TENANT, 'nova', 700),
    flowOf(provider, TENANT, 'keystone', 700),
    flowOf(provider, 'of-somebody-else', 'nova', 200),
    flowOf(recipient, TENANT, 'billing', 400),
  ];
  for (const first of [provider, recipient]) {
    await sleep(500);
    const second = first === provider ? recipient : provider;
    await Promise.all([first.restart(), sleep(400).then(() => second.restart())]);
    await ask(provider, 'POST', '/cadf/v1/admin/federation/keys');
  }
  await Promise.all(flows.map(({ done }) => done));
  await until(async () => {
    const [here, there] = await Promise.all([perDay(provider), perDay(recipient)]);
    return JSON.stringify(here) === JSON.stringify(there) && (here[`${DAYS[0]}T00:00:00.000Z`] ?? 0) > 0;
  }, ARRIVAL_MS).catch(async (error: unknown) => {
    const state = async (at: Deployment): Promise<string> =>
      `${JSON.stringify(await perDay(at))}\n${await cadf(at, ['list'])}\n${at.service.output().slice(-3000)}`;
    throw new Error(`${await state(provider)}\n${await state(recipient)}`, { cause: error });
  });

  // What was at both is at both once, under the source it had, and not what is somebody else's.
  const [here, there] = await Promise.all([
    perSource(provider, 'provider', 'recipient'),
    perSource(recipient, 'recipient', 'provider'),
  ]);
  expect(there).toEqual(here);
  expect(there).toMatchObject({ 'provider.nova': 700, 'provider.keystone': 700, 'recipient.billing': 400 });
  const ids = await readIds(recipient.service, TENANT);
  expect(new Set(ids.keys())).toEqual(new Set((await readIds(provider.service, TENANT)).keys()));
  expect((await ask(recipient, 'GET', '/cadf/v1/count?tenant=of-somebody-else'))['count']).toBe(0);
  for (const id of flows[2]?.sent ?? []) expect(ids.has(id)).toBe(false);

  // Names were taken out on the way, and each event says so.
  const { events } = await ask(
    recipient,
    'GET',
    `/cadf/v1/events?tenant=${TENANT}&source=provider.nova&limit=1000`,
  );
  expect(JSON.stringify(events)).not.toContain(NAME);
  expect(new Set(events.map((event: Answer) => event['initiator'].name)).size).toBe(1);
  const chain = events[0].reporterchain;
  expect(chain.at(-1)).toMatchObject({ role: 'modifier' });
  expect(JSON.stringify(chain)).toContain('no-names');

  // Another period on each side, by keys other than those of the invitation, and it stays at that: nothing is sent back.
  const before = await Promise.all([provider, recipient].map(statusOf));
  await until(async () => {
    const [ofRecipient, ofProvider] = await Promise.all([
      ask(provider, 'GET', '/cadf/v1/imports/recipient'),
      ask(recipient, 'GET', '/cadf/v1/imports/provider'),
    ]);
    return [ofProvider, ofRecipient].every(
      ({ status }, side) => status.state === 'active' && status.sequence > before[side]?.['sequence'],
    );
  }, ARRIVAL_MS);
  const after = await Promise.all([provider, recipient].map(statusOf));
  expect(after.map(({ events: count }) => count)).toEqual(before.map(({ events: count }) => count));
  expect(await perDay(provider)).toEqual(await perDay(recipient));
  for (const { loops, state } of after) {
    expect(loops).toBeGreaterThan(0);
    expect(state).toBe('running');
  }
}, 120_000);

async function statusOf(at: Deployment): Promise<Answer> {
  return (await ask(at, 'GET', '/cadf/v1/feeds/acme-feed'))['status'];
}
