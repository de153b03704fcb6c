import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOsloLine } from './oslo-line.ts';

const line = (context: string): string =>
  `2026-11-20 00:00:04.500 2931 INFO nova.compute.manager ${context} message`;

test.each([
  ['[-]', undefined, undefined, undefined, undefined],
  ['[req-1 u p - - -]', 'req-1', undefined, 'u', 'p'],
  ['[None req-1 u p]', 'req-1', undefined, 'u', 'p'],
  ['[None req-1 u p - - default default]', 'req-1', undefined, 'u', 'p'],
  ['[req-g req-1 u p d ud pd]', 'req-1', 'req-g', 'u', 'p'],
  ['[req-1 - - - - -]', 'req-1', undefined, undefined, undefined],
  ['[req-1 None None]', 'req-1', undefined, undefined, undefined],
  ['[None req-1 None None]', 'req-1', undefined, undefined, undefined],
])('the context %s', (context, requestId, globalRequestId, user, project) => {
  expect(readOsloLine(line(context))).toMatchObject({
    message: 'message',
    context: { requestId, globalRequestId, user, project },
  });
});

test('the prefix of a traceback has no context', () => {
  expect(readOsloLine(line('[instance: 1-2]'))).toMatchObject({
    context: undefined,
    instance: '1-2',
    message: 'message',
  });
});

test('colours, the place in the code and the name of the file go', () => {
  const text =
    '/var/log/nova-compute.log.1 2026-11-20 00:00:04.500 1 INFO nova.x [\u001B[01;36m-\u001B[00;36m] done {{(pid=1) f /x.py:1}}';
  expect(readOsloLine(text)).toMatchObject({ file: 'nova-compute', message: 'done' });
});

test('never throws, and keeps what stands behind the head', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (context, message) => {
      readOsloLine(context);
      const read = readOsloLine(`2026-11-20 00:00:04.500 2931 INFO nova.x [-] [instance: a] ${message}`);
      if (!message.includes('\u001B') && !message.includes('#033[') && !message.endsWith('}}'))
        expect(read?.message).toBe(message);
    }),
    { numRuns: 100 },
  );
});
