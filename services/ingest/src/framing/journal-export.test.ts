import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJournalEntry } from '../normalize/journal-entry.ts';
import type { RawRecord } from '../source.ts';
import { frameBody } from './frame-body.ts';

function frame(body: Buffer, mediaType?: string): RawRecord[] {
  return [
    ...frameBody(body, {
      framings: ['lines'],
      receivedMs: 1,
      maxRecordBytes: 4096,
      ...(mediaType === undefined ? {} : { mediaType }),
    }),
  ];
}

type Field = readonly [name: string, value: Buffer];

function exported(entries: readonly (readonly Field[])[]): Buffer {
  const parts: Buffer[] = [];
  for (const fields of entries) {
    for (const [name, value] of fields) {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(value.length));
      if (value.includes(10) || value.some((byte) => byte < 32))
        parts.push(Buffer.from(`${name}\n`), length, value, Buffer.from('\n'));
      else parts.push(Buffer.from(`${name}=`), value, Buffer.from('\n'));
    }
    parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

const field = (name: string, value: string): Field => [name, Buffer.from(value)];

test('an entry is read as the JSON the journal itself prints', () => {
  const body = exported([
    [
      field('__CURSOR', 's=1;i=2'),
      field('__REALTIME_TIMESTAMP', '1795201399184000'),
      field('_HOSTNAME', 'kvm1.example.org'),
      field('SYSLOG_IDENTIFIER', 'libvirtd'),
      field('MESSAGE', 'first\nsecond = é'),
    ],
    [field('__CURSOR', 's=1;i=3'), field('MESSAGE', 'x'), field('N', '1'), field('N', '2')],
  ]);
  const records = frame(body);
  expect(records.map(({ position }) => position)).toEqual(['entry 1', 'entry 2']);
  expect(readJournalEntry(records[0]?.text ?? '')).toMatchObject({
    message: 'first\nsecond = é',
    host: 'kvm1.example.org',
    program: 'libvirtd',
    time: { epochMs: 1_795_201_399_184 },
  });
  expect(JSON.parse(records[1]?.text ?? '')).toEqual({ __CURSOR: 's=1;i=3', MESSAGE: 'x', N: ['1', '2'] });
});

test('values of any bytes come through, those that are no text as lists of bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 5 }), (values) => {
      const [record, ...others] = frame(
        exported(values.map((value) => [field('__CURSOR', 'a'), ['V', Buffer.from(value)] as const])),
      );
      expect(others).toHaveLength(values.length - 1);
      const { V } = JSON.parse(record?.text ?? '') as { V: string | number[] };
      expect(Buffer.from(V as string)).toEqual(Buffer.from(values[0] ?? []));
    }),
  );
});

test('the media type alone is enough, and an empty stream has no records', () => {
  expect(frame(Buffer.from('MESSAGE=a\n\n'), 'application/vnd.fdo.journal')[0]?.text).toBe('{"MESSAGE":"a"}');
  expect(frame(Buffer.from('\n\n'), 'application/vnd.fdo.journal')).toEqual([]);
});

test('a damaged entry is told with its bytes, and the next one is read', () => {
  const damaged = Buffer.concat([
    Buffer.from('__CURSOR=1\nMESSAGE\n'),
    Buffer.alloc(8, 0xff),
    Buffer.from('x\n\n'),
  ]);
  const records = frame(
    Buffer.concat([damaged, exported([[field('__CURSOR', '2'), field('MESSAGE', 'ok')]])]),
  );
  expect(records.map(({ fault }) => fault?.code)).toEqual(['RECORD_JOURNAL_BROKEN', undefined]);
  expect(records[0]?.bytes).toEqual(damaged);
  expect(frame(Buffer.from('__CURSOR=1\nno such line\n'))[0]?.fault?.code).toBe('RECORD_JOURNAL_BROKEN');
  expect(frame(Buffer.from('__CURSOR=1\nMESSAGE\n'))[0]?.fault?.code).toBe('RECORD_JOURNAL_BROKEN');
});

test('an entry longer than the bound is cut', () => {
  const body = exported([
    [field('__CURSOR', '1'), field('MESSAGE', 'x'.repeat(9000))],
    [field('__CURSOR', '2')],
  ]);
  const [long, next] = frame(body);
  expect(long).toMatchObject({ cutFromBytes: 9020 });
  expect(long?.bytes).toHaveLength(4096);
  expect(next?.text).toBe('{"__CURSOR":"2"}');
});
