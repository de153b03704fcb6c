/** That a feed goes on where the clock was ahead and is set back. */
import { expect, test } from 'vitest';
import { BEGIN_MS, eventAt, startFeedApp } from './feed-app.test-support.ts';
import { made, pull, segments, status, texts, until, verified } from './pulled.test-support.ts';

const HOUR_MS = 3_600_000;

test('a clock that is set back is told of, and what comes meanwhile is given as late: none twice, none missing', async () => {
  const app = await startFeedApp({ most: { events: 2, bytes: 1_000_000 } });
  await app.key('owner');
  made(await app.call('owner', 'POST feeds', { id: 'f', source: 'src' }));
  const accept = (...ids: readonly string[]): Promise<void> =>
    app.accept(ids.map((id) => ({ event: eventAt(id, app.now()) })));
  app.pass(2 * HOUR_MS);
  await accept('ahead');
  await segments(app, 'f', 1);
  expect(await status(app, 'f')).toMatchObject({ period: '2026-11-01T14:00:00.000Z' });

  await accept('a');
  app.pass(-2 * HOUR_MS);
  await accept('b', 'c');
  app.pass(60_000);
  await until(app, 'f', { events: 4, late: 2, lagSeconds: 0, period: '2026-11-01T14:00:00.000Z' });
  const { failure, state } = await status(app, 'f');
  expect([state, failure]).toMatchObject(['running', { code: 'FEED_CLOCK_BEHIND' }]);
  expect(String((failure as Record<string, unknown>)['detail'])).toMatch(
    /^The clock says 2026-11-01T12:01:00\.250Z, 7140 s before 2026-11-01T14:00:00\.000Z, .*rotate/,
  );
  expect(await app.metric('cadf_feed_clock_behind_seconds')).toBe(7139.75);

  await app.restart();
  app.pass(60_000);
  app.pass(60_000);
  await accept('d');
  app.pass(60_000);
  await until(app, 'f', { events: 5 });
  await accept('e');
  // It has come to that time again.
  app.pass(2 * HOUR_MS);
  await until(app, 'f', { events: 6, period: '2026-11-01T14:04:00.000Z' });
  expect((await status(app, 'f'))['failure']).toBeUndefined();
  expect(await app.metric('cadf_feed_clock_behind_seconds')).toBe(0);

  const found = await segments(app, 'f', 1);
  for (const [index, { count, period }] of found.entries()) {
    const before = found[index - 1]?.period;
    if (before !== undefined && period.from !== before.from) expect(period.from).toBe(before.to);
    // Of an empty period nothing is said where nothing came.
    if (period.from === period.to) expect(count + (found[index + 1]?.count ?? 0)).toBeGreaterThan(0);
  }
  const given: unknown[] = [];
  for (const each of found)
    for (const text of await texts(app, 'f', each)) {
      const { id } = JSON.parse(text) as { readonly id: string };
      given.push(each.late ? `${id}, late` : id);
    }
  expect(given).toEqual(['ahead', 'a', 'b, late', 'c, late', 'd, late', 'e, late']);
  const report = await verified(app, await pull(app, 'f'));
  expect([report.fault, report.events]).toEqual([undefined, 6]);
});

test('a clock that is behind by less than a period is waited for', async () => {
  const app = await startFeedApp();
  await app.key('owner');
  made(await app.call('owner', 'POST feeds', { id: 'f', source: 'src' }));
  app.pass(60_000);
  await segments(app, 'f', 1);
  app.pass(-30_000);
  await app.accept([{ event: eventAt('one', BEGIN_MS) }]);
  app.pass(60_000);
  await app.accept([{ event: eventAt('two', app.now()) }]);
  app.pass(30_000);
  await until(app, 'f', { events: 2, period: '2026-11-01T12:02:00.000Z' });
  const found = await segments(app, 'f', 2);
  expect(new Set(found.map(({ period }) => period.to))).toEqual(
    new Set(['2026-11-01T12:01:00.000Z', '2026-11-01T12:02:00.000Z']),
  );
  expect(found.filter(({ period }) => period.from === period.to)).toEqual([]);
});
