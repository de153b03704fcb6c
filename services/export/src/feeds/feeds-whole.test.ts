/** That a feed has exactly what it should have, whatever it is asked for and wherever its process is killed. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseFilter, sqlCondition } from '@cadf-pipeline/event-filter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BEGIN_MS, eventAt, startFeedApp } from './feed-app.test-support.ts';
import type { Accepted, FeedApp } from './feed-app.test-support.ts';
import { keptAt, made, pull, until, verified } from './pulled.test-support.ts';

interface Pulled {
  readonly directory: string;
  readonly events: readonly { readonly source: string; readonly event: Record<string, unknown> }[];
  readonly bytes: string;
}

/** Everything of a feed, with the origins beside. */
async function all(app: FeedApp, id: string): Promise<Pulled> {
  const directory = await pull(app, id);
  const names = readdirSync(directory).toSorted();
  const content = (name: string): string => {
    const bytes = readFileSync(join(directory, name));
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  };
  const events = names
    .filter((name) => name.endsWith('.ndjson.gz'))
    .flatMap((name) => {
      const sources = linesOf(content(name.replace('.gz', '.origins.ndjson'))).flatMap((line) => {
        const { count, source } = JSON.parse(line) as { count: number; source: string };
        return Array<string>(count).fill(source);
      });
      return linesOf(content(name)).map((line, index) => ({
        source: sources[index] ?? '',
        event: JSON.parse(line) as Record<string, unknown>,
      }));
    });
  return { directory, events, bytes: names.map(content).join('\n') };
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').slice(0, -1);
}

const SECRET_PATHS = [
  'initiator/name',
  'target/name',
  'initiator/host/address',
  'initiator/credential/token',
];
const ACTIONS = ['remove', 'mask', 'hash'] as const;

/** What stands at the paths of secrets. */
function secretsOf(event: object): {
  readonly id: unknown;
  readonly secrets: Readonly<Record<string, string>>;
} {
  const at = (value: unknown, [name, ...rest]: readonly string[]): unknown =>
    name === undefined ? value : at(Reflect.get(Object(value), name), rest);
  const secrets = SECRET_PATHS.map((path) => [path, String(at(event, path.split('/')))] as const);
  return { id: at(event, ['id']), secrets: Object.fromEntries(secrets) };
}

const accepted: fc.Arbitrary<readonly Accepted[]> = fc
  .array(
    fc.record({
      tenants: fc.subarray(['a', 'b', 'c']),
      source: fc.constantFrom('nova', 'keystone-a', 'glance'),
      outcome: fc.constantFrom('success', 'failure'),
      ageMs: fc.integer({ min: -60_000, max: 7_200_000 }),
      copies: fc.boolean(),
    }),
    { maxLength: 25 },
  )
  .map((drawn) => {
    const run = Math.random().toString(36).slice(2, 10);
    return drawn.map(({ ageMs, copies, outcome, source, tenants }, index) => {
      const secret = (path: string): string => `${path.replaceAll('/', '-')}-${run}-${index}`;
      const names = SECRET_PATHS.map(secret);
      return {
        source,
        tenants,
        event: eventAt(`e-${run}-${index}`, BEGIN_MS - ageMs, {
          outcome,
          initiator: {
            id: 'u',
            typeURI: 'data/security/account/user',
            name: secret('initiator/name'),
            host: { address: secret('initiator/host/address') },
            credential: { token: secret('initiator/credential/token') },
          },
          target: { id: 't', typeURI: 'service/compute', name: secret('target/name') },
          ...(copies
            ? {
                attachments: [{ contentType: 'text/plain', content: `saw ${names.join(', ')}`, name: 'log' }],
              }
            : {}),
        }),
      };
    });
  });

const asked = fc.record({
  tenants: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  filter: fc.constantFrom(undefined, "outcome = 'failure'", "not target/name ^= 'target-name-1'"),
  source: fc.option(fc.constantFrom('nova', 'glance'), { nil: undefined, freq: 3 }),
  rules: fc.uniqueArray(
    fc.record({ action: fc.constantFrom(...ACTIONS), path: fc.constantFrom(...SECRET_PATHS) }),
    { maxLength: 3, selector: ({ path }) => path },
  ),
});

test('a feed has exactly the versions that the query gives, of no other tenant, and nothing that was taken out', async () => {
  const app = await startFeedApp({ most: { events: 7, bytes: 1_000_000 } });
  await app.key('owner', { tenants: ['a', 'b', 'c'] });
  let number = 0;
  await fc.assert(
    fc.asyncProperty(accepted, accepted, asked, async (before, after, { filter, rules, source, tenants }) => {
      const id = `f-${number++}`;
      await app.accept(before);
      const redaction = rules.map(({ action, path }, index) => ({ id: `r${index}`, action, paths: [path] }));
      const body = { id, tenants, filter, source, redaction, start: 'beginning' };
      made(await app.call('owner', 'POST feeds', JSON.parse(JSON.stringify(body))));
      await app.accept(after);
      const bounds = await app.store.snapshot();
      app.pass(60_000);
      await until(app, id, {
        state: 'running',
        period: new Date(Math.floor(app.now() / 60_000) * 60_000).toISOString(),
      });

      const { bytes, directory, events } = await all(app, id);
      const report = await verified(app, directory);
      expect([report.fault, report.events]).toEqual([undefined, events.length]);
      const parsed = filter === undefined ? undefined : parseFilter(filter);
      const expected = await app.store.events(
        { tenants },
        {
          order: 'asc',
          limit: 10_000,
          versions: 'all',
          asOf: bounds,
          ...(source === undefined ? {} : { source }),
          ...(parsed?.ok === true ? { where: sqlCondition(parsed.filter) } : {}),
        },
      );
      const ofTest = ({ source: of }: { readonly source: string }): boolean => of !== 'cadf-pipeline';
      const nameOf = (of: string, event: unknown): string => `${of} ${String(event)}`;
      expect(
        events
          .filter(ofTest)
          .map((one) => nameOf(one.source, one.event['id']))
          .toSorted(),
      ).toEqual(
        expected
          .filter(ofTest)
          .map((one) => nameOf(one.source, one.id))
          .toSorted(),
      );
      const given = new Set(events.map(({ event }) => event['id']));
      for (const { event } of [...before, ...after]) {
        const { id: own, secrets } = secretsOf(event);
        const values: Readonly<Record<string, string>> = secrets;
        const taken = rules.map(({ path }) => values[path] ?? '');
        const hidden = given.has(own) ? taken : Object.values(values);
        for (const value of hidden) expect(bytes).not.toContain(value);
      }
      await app.call('owner', `DELETE feeds/${id}`);
    }),
    { numRuns: 8, endOnFailure: true },
  );
}, 60_000);

test('killed at any moment, a feed goes on as if nothing had been: the same chain, nothing twice, nothing missing', async () => {
  const app = await startFeedApp({ most: { events: 3, bytes: 1_000_000 } });
  await app.key('owner');
  await app.accept(Array.from({ length: 8 }, (_, index) => ({ event: eventAt(`e-${index}`, BEGIN_MS) })));
  // A feed of three segments writes seven times: it begins, then names each segment and shows it.
  for (const [write, when] of [
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
    [3, 'before'],
    [3, 'after'],
    [4, 'before'],
    [7, 'after'],
  ] as const) {
    const id = `f-${write}-${when}`;
    app.killAt(write, when);
    made(await app.call('owner', 'POST feeds', { id, source: 'src', start: 'beginning' }));
    await expect.poll(() => app.isKilled(), { timeout: 5000, interval: 5 }).toBe(true);
    await app.restart();
    await until(app, id, { state: 'running', sequence: 3 });
    const { directory, events } = await all(app, id);
    const report = await verified(app, directory);
    expect([id, report.fault, report.segments]).toEqual([id, undefined, 3]);
    expect(events.map(({ event }) => event['id'])).toEqual(
      Array.from({ length: 8 }, (_, index) => `e-${index}`),
    );
    // Nothing that was begun is left.
    expect(readdirSync(await keptAt(app, id)).filter((name) => name.startsWith('.'))).toEqual([]);
  }
}, 60_000);
