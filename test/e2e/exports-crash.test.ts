/** An export goes on where it was when its process is killed: nothing twice, nothing missing. */
import { expect, onTestFinished, test } from 'vitest';
import { testEvent } from '../support/events.ts';
import {
  askExport,
  exportEnded,
  linesOf,
  readExport,
  savedExport,
  submitEvents,
  verifyExport,
} from '../support/exported.ts';
import { startService, until } from '../support/service.ts';

const EVENTS = 24_000;

test('an export whose process is killed in the middle has the same events as one that ran through', async () => {
  const first = await startService();
  onTestFinished(() => first.clean());
  const events = Array.from({ length: EVENTS }, (_, index) =>
    testEvent({ eventTime: new Date(Date.UTC(2026, 9, 1) + (index % 7000) * 1000).toISOString() }),
  );
  await submitEvents(first, 'many', events);
  // Small files, so that it takes a while.
  const asked = { format: 'cadf-ndjson', source: 'many', split: { maxEvents: 500 } };
  const id = await askExport(first, asked);
  await until(async () => (await readExport(first, id)).progress.events >= 3000);
  await first.kill();
  const second = await startService({ dataDir: first.dataDir });
  onTestFinished(async () => void (await second.stop()));
  const before = await readExport(second, id);
  expect(before).toMatchObject({ status: 'running', progress: { total: EVENTS } });
  expect(before.progress.events).toBeLessThan(EVENTS);

  const done = await exportEnded(second, id);
  expect(done).toMatchObject({ status: 'done', progress: { events: EVENTS } });
  const { contents, directory } = await savedExport(second, done);
  expect(await verifyExport(second, directory)).toMatchObject({ final: true, events: EVENTS });
  const found = linesOf(contents);
  expect(found.toSorted()).toEqual(events.map((event) => JSON.stringify(event)).toSorted());
  // Those that were whole before are as they were.
  expect(done.files.slice(0, before.files.length)).toEqual(before.files);

  const whole = await exportEnded(second, await askExport(second, { ...asked, split: {} }));
  expect(linesOf((await savedExport(second, whole)).contents)).toEqual(found);
}, 90_000);
