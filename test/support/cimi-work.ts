/** Somebody who works with a simulated cloud, and what a collector has to make of it. */
import type { CimiProvider } from './cimi-provider.ts';
import type { Resource } from './cimi/resource.ts';
import { startService } from './service.ts';
import type { TestService } from './service.ts';

/** Makes machines, starts them (the last one is too large), snapshots one, imports a package; its jobs are not moved. */
export async function work(provider: CimiProvider, machines: number): Promise<void> {
  const ask = async (path: string, body: object): Promise<string> => {
    const response = await fetch(new URL(path, provider.baseUri), {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('ada:pw').toString('base64')}` },
      body: JSON.stringify(body),
    });
    if (response.status !== 202) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    await response.body?.cancel();
    return response.headers.get('location') ?? path;
  };
  const made: string[] = [];
  for (let index = 1; index <= machines; index++) {
    const memory = index === machines ? 99_999_999 : 1024;
    made.push(await ask('machines', { name: `vm-${index}`, memory }));
  }
  provider.advance(2);
  for (const machine of made) await ask(machine, { action: 'start' });
  provider.advance(2);
  const [first = ''] = made;
  await ask(first, { action: 'snapshot' });
  await ask('systems', { action: 'import', source: 'https://packages.example/shop.ova' });
  provider.advance();
}

/** Makes it a source whose tenant has its name too; answers the status. */
export async function register(on: TestService, id: string, poll: object): Promise<number> {
  const response = await on.fetch(`/cadf/v1/admin/sources/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'cimi', name: id, tenants: [id], poll }),
  });
  await response.body?.cancel();
  return response.status;
}

/**
 * Of each job, event and sample of a cloud: its path, and how the job ended. Not of an event of CADF: that comes out as
 * itself, without the document it was in.
 */
export function expected(provider: CimiProvider): Map<string, string> {
  const found = new Map<string, string>();
  for (const { id, attributes } of provider.below('jobs')) found.set(id, outcomeOf(attributes['state']));
  for (const log of provider.below('eventLogs'))
    for (const event of provider.below(`${log.id}/events`)) setEvent(found, event);
  for (const event of provider.below('events')) setEvent(found, event);
  for (const meter of provider.below('meters'))
    for (const { id } of provider.below(`${meter.id}/samples`)) found.set(id, 'event');
  return found;
}

function setEvent(found: Map<string, string>, { id, attributes }: Resource): void {
  if (!String(attributes['type']).includes('/cloud/audit/')) found.set(id, 'event');
}

function outcomeOf(state: unknown): string {
  if (state === 'SUCCESS') return 'success';
  return state === 'FAILED' || state === 'STOPPED' ? 'failure' : 'pending';
}

export interface Collected {
  readonly id: string;
  readonly action: string;
  readonly outcome: string;
  readonly observer?: { readonly name?: string };
  readonly target?: { readonly id?: string; readonly name?: string };
  readonly initiator?: { readonly name?: string };
  readonly attachments?: readonly { readonly content?: unknown }[];
  readonly measurements?: readonly { readonly result?: unknown }[];
  readonly reporterchain?: unknown;
}

/** All events of a tenant that a source's provider observed, in the order of their times. */
export async function collected(on: TestService, tenant: string, observer?: string): Promise<Collected[]> {
  const found: Collected[] = [];
  let path: string | undefined = `/cadf/v1/events?tenant=${tenant}&limit=5000&order=asc`;
  while (path !== undefined) {
    const response = await on.fetch(path);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    const page = (await response.json()) as { events: Collected[]; next?: string };
    found.push(...page.events);
    path = page.next;
  }
  return found.filter((event) => observer === undefined || event.observer?.name === observer);
}

/**
 * What of a cloud is in the store: the path of each document, its outcome where it is a job; one that is there twice has
 * a second entry.
 */
export async function stored(on: TestService, source: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const event of await collected(on, source, source)) {
    const id = documentId(event) ?? `without a document: ${event.id}`;
    found.set(found.has(id) ? `${id} again` : id, /^jobs?\//i.test(id) ? event.outcome : 'event');
  }
  return found;
}

/** Of the provider's document that an event is made of: its id. */
function documentId({ attachments = [] }: Collected): string | undefined {
  for (const { content } of attachments) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    const id = /"id":\s*"([^"]+)"/.exec(text)?.[1] ?? /<id>\s*([^<]+?)\s*<\/id>/.exec(text)?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}

/** A service that collects each of these clouds as a source of its name, every 5 s. */
export async function collecting(clouds: ReadonlyMap<string, CimiProvider>): Promise<TestService> {
  const origins = [...clouds.values()].map(({ url }) => new URL(url).origin);
  const service = await startService({
    env: { CADF_CIMI_PROVIDERS: origins.join(), CADF_LOG_LEVEL: 'info' },
  });
  for (const [name, { url }] of clouds) {
    const status = await register(service, name, { url, everySeconds: 5 });
    if (status === 201) continue;
    await service.kill();
    throw new Error(`${name} was not registered: ${status}`);
  }
  return service;
}
