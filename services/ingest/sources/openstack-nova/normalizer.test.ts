import { expect, test } from 'vitest';
import type { Outcome } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const line = (seconds: number, context: string, message: string, level = 'INFO'): string =>
  `2026-11-20 00:00:${String(seconds).padStart(2, '0')}.000 1 ${level} nova.compute.manager ${context} [instance: 5e1b1a0c-0001-4000-8000-000000000001] ${message}`;

function run(texts: readonly string[]): Outcome[] {
  const normalizer = createNormalizer({ sourceName: 's', host: 'h' });
  const outcomes = texts.flatMap((text) => normalizer.push({ text, receivedMs: 0 }));
  return [...outcomes, ...normalizer.flush()];
}

const eventsOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap((one) => (one.kind === 'event' ? [one.event] : []));

test('an end without a request is a version of the beginning on the same instance, by its user', () => {
  const [begun, done] = eventsOf(
    run([
      line(1, '[req-1 alice demo - - -]', 'Rebooting instance'),
      line(5, '[-]', 'Instance rebooted successfully.'),
    ]),
  );
  expect(done).toMatchObject({
    id: begun?.id,
    outcome: 'success',
    initiator: { id: 'alice', project_id: 'demo' },
  });
});

test('the end of another request is another event', () => {
  const [begun, done] = eventsOf(
    run([
      line(1, '[req-1 alice demo - - -]', 'Rebooting instance'),
      line(5, '[req-2 bob demo - - -]', 'Instance rebooted successfully.'),
    ]),
  );
  expect(done?.id).not.toBe(begun?.id);
  expect(done?.initiator).toMatchObject({ id: 'bob' });
});

test('beginning and end read apart have the same id where both tell the request', () => {
  const begin = line(1, '[req-1 alice demo - - -]', 'Attempting claim: memory 1 MB');
  const end = line(9, '[req-1 alice demo - - -]', 'Took 8.00 seconds to build instance.');
  expect(eventsOf(run([end]))[0]?.id).toBe(eventsOf(run([begin]))[0]?.id);
});

test('a traceback that never ends is cut at 256 lines, and every line has its outcome', () => {
  const texts = [
    line(1, '[-]', 'broken', 'ERROR'),
    ...Array.from({ length: 400 }, () => '  File "x.py", line 1'),
  ];
  const outcomes = run(texts);
  expect(outcomes.flatMap((one) => one.records)).toHaveLength(texts.length);
  expect(outcomes[0]?.records).toHaveLength(256);
});
