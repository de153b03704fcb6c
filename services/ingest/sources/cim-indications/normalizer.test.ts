import { expect, test } from 'vitest';
import type { Outcome } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';
import { parseObjectPath } from './target.ts';

const RECEIVED_MS = 1_795_219_200_000;

function outcomes(text: string, receivedMs = RECEIVED_MS): Outcome[] {
  return createNormalizer({ sourceName: 's', host: 'h' }).push({ text, receivedMs });
}

function id(text: string, receivedMs?: number): string | undefined {
  const [outcome] = outcomes(text, receivedMs);
  return outcome?.kind === 'event' ? outcome.event.id : undefined;
}

const message = (messageId: string, properties: string): string =>
  `<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="${messageId}" PROTOCOLVERSION="1.0"><SIMPLEEXPREQ><EXPMETHODCALL NAME="ExportIndication"><EXPPARAMVALUE NAME="NewIndication"><INSTANCE CLASSNAME="CIM_AlertIndication">${properties}</INSTANCE></EXPPARAMVALUE></EXPMETHODCALL></SIMPLEEXPREQ></MESSAGE></CIM>`;
const property = (name: string, value: string): string =>
  `<PROPERTY NAME="${name}" TYPE="string"><VALUE>${value}</VALUE></PROPERTY>`;

test('an indication sent again is the same event, whenever it comes and whatever its message is called', () => {
  const sequence = property('SequenceContext', 'c') + property('SequenceNumber', '4');
  expect(id(message('1', sequence))).toBe(id(message('2', sequence), RECEIVED_MS + 9));
  expect(id(message('1', sequence))).not.toBe(id(message('1', sequence.replace('4', '5'))));
});

test('where nothing in it is its own, the message tells it apart', () => {
  expect(id(message('1', ''))).toBe(id(message('1', ''), RECEIVED_MS + 9));
  expect(id(message('1', ''))).not.toBe(id(message('2', '')));
});

test('behind the header of syslog it is read too', () => {
  const [outcome] = outcomes(`<134>1 2026-11-21T10:00:00Z node9 cimserver 1 - - ${message('1', '')}`);
  expect(outcome).toMatchObject({
    kind: 'event',
    event: { eventTime: '2026-11-21T10:00:00.000+00:00', observer: { host: { id: 'node9' } } },
  });
});

test('no text of a record ever has more than one outcome with the record in it', () => {
  const batch = message('1', '').replace(/<SIMPLEEXPREQ>.*<\/SIMPLEEXPREQ>/, (one) => one.repeat(3));
  expect(outcomes(batch).map(({ records }) => records.length)).toEqual([1, 0, 0]);
});

test.each([
  [
    '//h1/root/virt:KVM_ComputerSystem.Name="a\\"b",CreationClassName="X_Y"',
    'h1',
    'KVM_ComputerSystem',
    'a"b',
  ],
  ['https://u@h2:5989/root/virt:CIM_Disk.Name=7', 'h2', 'CIM_Disk', '7'],
  ['root/virt:CIM_Disk.Name="x"', undefined, 'CIM_Disk', 'x'],
  ['CIM_Disk.Name="x"', undefined, 'CIM_Disk', 'x'],
  ['Power supply 2', undefined, undefined, undefined],
])('%s is an object path', (text, host, className, name) => {
  const path = parseObjectPath(text);
  expect([path.host, path.className, path.keys.get('name')]).toEqual([host, className, name]);
});

test('a part told by its object path only is a part of its system', () => {
  const text = `<INSTANCE CLASSNAME="CIM_InstDeletion">${property('SourceInstanceModelPath', '//n1/root/virt:KVM_DiskResourceAllocationSettingData.InstanceID=&quot;web1/vda&quot;')}</INSTANCE>`;
  expect(outcomes(text)).toMatchObject([
    {
      rule: 'part-deleted',
      event: { action: 'update/detach', target: { id: 'n1/KVM_ComputerSystem/web1' } },
    },
  ]);
});

test('what came into being and is not named is unknown, not the server', () => {
  expect(outcomes('<INSTANCE CLASSNAME="CIM_InstCreation"/>')).toMatchObject([
    { rule: 'instance-created', event: { target: { id: 'unknown', typeURI: 'unknown' } } },
  ]);
});
