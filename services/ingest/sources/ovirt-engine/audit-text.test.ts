import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAuditText } from './audit-text.ts';

test.each(['10120', '10,120', '10.120', '10 120', "10'120", '10 120', '10\u202f120'])(
  'the code %s is 10120 in every locale',
  (code) => {
    expect(parseAuditText(`EVENT_ID: USER_ADDED_DISK_PROFILE(${code}), Disk Profile x.`)).toMatchObject({
      name: 'USER_ADDED_DISK_PROFILE',
      code: '10120',
      message: 'Disk Profile x.',
    });
  },
);

test('what stands before the message in older engines is read', () => {
  const fields = 'Correlation ID: 7b, Job ID: j1, Call Stack: null, Custom ID: null, Custom Event ID: -1';
  const expected = { message: 'VM a, Message: b.', correlation: '7b', job: 'j1' };
  expect(parseAuditText(`EVENT_ID: USER_ADD_VM(34), ${fields}, Message: VM a, Message: b.`)).toMatchObject(
    expected,
  );
  expect(parseAuditText(`${fields}, Message: VM a, Message: b.`)).toMatchObject({
    ...expected,
    name: undefined,
  });
  expect(
    parseAuditText('Correlation ID: null, Call Stack: null, Custom Event ID: -1, Message: x'),
  ).toMatchObject({
    correlation: undefined,
  });
});

test('a message that is still to come, or never, is told apart', () => {
  expect(parseAuditText('EVENT_ID: A_B(1), Correlation ID: 1, Call Stack: java.lang.X')).toBe('unfinished');
  expect(parseAuditText('EVENT_ID: A_B(1')).toBe('broken');
  expect(parseAuditText('whatever')).toBe('broken');
});

test('any message comes back as it was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.nat(99_999), (message, code) => {
      const isFields = /^(?:Correlation ID|Job ID|Call Stack|Custom ID|Custom Event ID|Message): /.test(
        message,
      );
      fc.pre(!isFields && !message.startsWith(' '));
      expect(parseAuditText(`EVENT_ID: SOME_EVENT(${code.toLocaleString('en')}), ${message}`)).toMatchObject({
        code: String(code),
        message,
      });
    }),
  );
});
