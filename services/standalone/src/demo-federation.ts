/**
 * `npm run demo:federation`: a provider gives one of its tenants a feed of that tenant's events, names hashed, addresses
 * made coarse; the tenant's own deployment accepts the invitation with one command. Two processes over HTTPS, data under
 * ./data/demo-federation, made anew in each run. On a terminal they go on running, to be looked at.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { cadf, makeCertificates, startDemoDeployment } from './demo-deployment.ts';
import type { DemoDeployment } from './demo-deployment.ts';

const ROOT = resolve('./data/demo-federation');
const PULLED = join(ROOT, 'pulled');
const TENANT = 'acme';
const FEED = 'acme-feed';
const CADENCE_SECONDS = 10;
const ACROSS_WITHIN_MS = 60_000;
const DAY_MS = 86_400_000;

const out = (text: string): boolean => process.stdout.write(`${text}\n`);
const file = (name: string): string => join(ROOT, name);

rmSync(ROOT, { recursive: true, force: true });
mkdirSync(PULLED, { recursive: true });
await makeCertificates(ROOT, ['provider', 'recipient']);
const ca = file('ca.pem');
setDefaultCACertificates([...getCACertificates('default'), readFileSync(ca, 'utf8')]);
const [provider, recipient] = await Promise.all([start('provider'), start('recipient')]);
out(`
Two deployments over HTTPS, their certificates of an authority made for this run:

  provider   ${provider.url}
  recipient  ${recipient.url}
`);

for (const day of [3, 2, 1])
  for (const tenant of [TENANT, 'somebody-else'])
    await provider.submit('compute', eventsOf(tenant, Date.now() - day * DAY_MS, 20 + 7 * day));
await provider.ask('POST', '/cadf/v1/feeds', {
  id: FEED,
  name: 'Audit of acme',
  tenants: [TENANT],
  start: 'beginning',
  cadenceSeconds: CADENCE_SECONDS,
  redaction: [
    { id: 'no-names', action: 'hash', paths: ['initiator/name'] },
    { id: 'no-hosts', action: 'generalise', paths: ['initiator/host/address'] },
  ],
});
out(`The provider has a feed of the tenant ${TENANT}, cut every ${CADENCE_SECONDS} seconds. It invites:\n`);
out(`provider$ cadf federation invite ${FEED}`);
const invitation = await cadf(['federation', 'invite', FEED], { at: provider, ca });
out(`${invitation.slice(0, 72)}… (${invitation.length} characters)\n`);
const accept = 'federation accept - --as provider --called Acme --tenant acme --every 5';
out(`recipient$ cadf ${accept}`);
out(`${await cadf(accept.split(' '), { at: recipient, ca, stdin: invitation })}\n`);

out('Events go on, and come across ...\n');
for (let second = 0; second < 5; second++) {
  await provider.submit('compute', eventsOf(TENANT, Date.now(), 4));
  await provider.submit('identity', eventsOf('somebody-else', Date.now(), 4));
  await sleep(1000);
}
const [here, there] = await untilEqual();
out('Events per day (GET /cadf/v1/timeline?tenant=acme&interval=1d):\n');
out('  day         provider  recipient');
for (const [day, count] of here)
  out(`  ${day}  ${String(count).padStart(8)}  ${String(there.get(day) ?? 0).padStart(9)}`);

const id = memberOf(eventsIn(await provider.ask('GET', `${eventsPath()}&source=compute`))[0], 'id');
out('\nThe last event, as the provider has it, and as the recipient got it:\n');
for (const at of [provider, recipient]) out(`  ${summaryOf(await at.ask('GET', `/cadf/v1/events/${id}`))}`);
for (const at of [provider, recipient]) {
  out(`\n${at.name}$ cadf federation list`);
  out(await cadf(['federation', 'list'], { at, ca }));
}

const keys = file('provider.json');
writeFileSync(keys, JSON.stringify(await provider.ask('GET', '/.well-known/cadf-federation.json')));
const last = await pull();
out(
  '\nAnybody with a token of the feed can pull the segments, and verify them with the public keys alone:\n',
);
const shown = (path: string): string => path.replace(`${resolve('.')}/`, './');
out(`$ cadf verify ${shown(PULLED)} --key ${shown(keys)}`);
out(await cadf(['verify', PULLED, '--key', keys], { ca }));
rmSync(join(PULLED, last));
out(`\n$ rm ${shown(join(PULLED, last))}`);
out(`$ cadf verify ${shown(PULLED)} --key ${shown(keys)}`);
out(await cadf(['verify', PULLED, '--key', keys], { ca, expected: 1 }));

if (process.stdout.isTTY) {
  for (const each of [provider, recipient])
    writeFileSync(file(`${each.name}.key-of-api`), each.key, { mode: 0o600 });
  process.stderr.write(`
Both go on running; Ctrl-C ends them. The administrator keys are in ${shown(file('provider.key-of-api'))} and
${shown(file('recipient.key-of-api'))}; curl needs --cacert ${shown(ca)}.
`);
  await new Promise((ended) => process.once('SIGINT', ended));
}
await Promise.all([provider.stop(), recipient.stop()]);

function start(name: string): Promise<DemoDeployment> {
  const certificate = { cert: file(`${name}.pem`), key: file(`${name}.key`), ca };
  const key = `cadf_bootstrap_${randomBytes(32).toString('base64url')}`;
  return startDemoDeployment({ name, dataDir: file(name), key, certificate, env: process.env });
}

function eventsOf(tenant: string, timeMs: number, count: number): readonly object[] {
  return Array.from({ length: count }, (_, number) => ({
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id: randomUUID(),
    eventType: 'activity',
    eventTime: new Date(timeMs + number).toISOString().replace('Z', '+00:00'),
    action: ['read', 'update', 'start', 'stop'][number % 4],
    outcome: number % 9 === 0 ? 'failure' : 'success',
    initiator: {
      id: 'a1f7c2d0-5b1e-4b65-8c4e-7d1f00c0ffee',
      typeURI: 'data/security/account/user',
      name: ['ada.king', 'bob.marsh', 'eve.stone'][number % 3],
      host: { address: `203.0.113.${10 + (number % 40)}` },
      project_id: tenant,
    },
    target: { id: '0c2f4c0e-95a5-4c55-9a0c-3b1de1f2a7b9', typeURI: 'compute/machine', name: 'db01' },
    observer: { id: 'c2b1a0f9-8e7d-4c6b-a594-837261504938', typeURI: 'service/compute', name: 'compute' },
  }));
}

function eventsPath(): string {
  return `/cadf/v1/events?tenant=${TENANT}&limit=1`;
}

async function perDay(at: DemoDeployment): Promise<ReadonlyMap<string, number>> {
  const answer = await at.ask('GET', `/cadf/v1/timeline?tenant=${TENANT}&interval=1d`);
  return new Map(
    listOf(answer, 'buckets').map((bucket) => [
      memberOf(bucket, 'start').slice(0, 10),
      Number(memberOf(bucket, 'count')),
    ]),
  );
}

async function untilEqual(): Promise<readonly [ReadonlyMap<string, number>, ReadonlyMap<string, number>]> {
  const deadline = Date.now() + ACROSS_WITHIN_MS;
  for (;;) {
    const counts = [await perDay(provider), await perDay(recipient)] as const;
    const [one, other] = counts;
    if (one.size === other.size && [...one].every(([day, count]) => other.get(day) === count)) return counts;
    if (Date.now() > deadline)
      throw new Error(
        `Not all came across: ${JSON.stringify(counts.map((days) => [...days]))}\n${await cadf(['federation', 'list'], { at: recipient, ca })}`,
      );
    await sleep(500);
  }
}

/** Takes all segments, as a recipient without a deployment of this product would; answers the last manifest's name. */
async function pull(): Promise<string> {
  const segments = `${provider.url}/cadf/v1/feeds/${FEED}/segments`;
  const token = memberOf(
    await provider.ask('POST', `/cadf/v1/feeds/${FEED}/credentials`, { name: 'demo' }),
    'token',
  );
  const take = async (name: string): Promise<void> => {
    const response = await fetch(`${segments}/${name}`, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    writeFileSync(join(PULLED, name), Buffer.from(await response.arrayBuffer()));
  };
  // The head first: what comes behind it is left out.
  await take('head.jws');
  const { sequence } = headOf(readFileSync(join(PULLED, 'head.jws'), 'utf8'));
  let last = '';
  for (const segment of listOf(await provider.ask('GET', `/cadf/v1/feeds/${FEED}/segments`), 'segments')) {
    if (Number(memberOf(segment, 'sequence')) > sequence) break;
    for (const content of listOf(segment, 'files')) await take(memberOf(content, 'name'));
    for (const member of ['manifest', 'signature'])
      await take(memberOf(segment, member).replace(/^.*\//, ''));
    last = memberOf(segment, 'manifest').replace(/^.*\//, '');
  }
  return last;
}

function headOf(jws: string): { readonly sequence: number } {
  const payload: unknown = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString());
  return { sequence: Number(memberOf(payload, 'sequence')) };
}

function summaryOf(event: unknown): string {
  const initiator: unknown = Reflect.get(Object(event), 'initiator');
  const host: unknown = Reflect.get(Object(initiator), 'host');
  const steps = listOf(event, 'reporterchain').map((step) => memberOf(step, 'role'));
  return `${memberOf(event, 'action')} by ${memberOf(initiator, 'name')} from ${memberOf(host, 'address')}; reporters: ${steps.join(', ')}`;
}

function eventsIn(answer: unknown): readonly unknown[] {
  return listOf(answer, 'events');
}

function listOf(value: unknown, member: string): readonly unknown[] {
  const list: unknown = Reflect.get(Object(value), member);
  return Array.isArray(list) ? list : [];
}

function memberOf(value: unknown, member: string): string {
  return String(Reflect.get(Object(value), member));
}
