/** `cadf wbem` against a CIM server on a socket: as a process where the process matters, else in this one. */
import { expect, onTestFinished, test } from 'vitest';
import { startCimServer } from '../../../../test/support/cim-server.ts';
import type { CimServer, CimServerOptions } from '../../../../test/support/cim-server.ts';
import { cadf, cadfProcess } from '../wbem-client/run-wbem.test-support.ts';

const listener = 'http://cadf.example:5990/kvm-1';
const FILTER = 'CIM_IndicationFilter';
const SUBSCRIPTION = 'CIM_IndicationSubscription';
const DESTINATION = 'CIM_ListenerDestinationCIMXML';

async function server(options: CimServerOptions = {}): Promise<CimServer> {
  const started = await startCimServer({ classes, ...options });
  onTestFinished(() => started.close());
  return started;
}

const kvm = ['ComputerSystem', 'ResourceAllocationSettingData', 'ComputerSystemMigrationJob'].flatMap(
  (subject) => ['Created', 'Modified', 'Deleted'].map((change) => `KVM_${subject}${change}Indication`),
);
const classes = {
  'root/virt': kvm,
  'root/cimv2': [
    'CIM_AlertIndication',
    'CIM_InstCreation',
    'CIM_InstDeletion',
    'CIM_InstModification',
    'CIM_ComputerSystem',
  ],
};

test('libvirt is subscribed to as far as the server knows it, and again changes nothing', async () => {
  const cim = await server();
  const first = await cadfProcess({}, 'subscribe', '--for', 'libvirt', cim.url, listener);
  expect(first.status, first.stderr).toBe(0);
  expect(first.stdout).toContain('created    destination cadf-pipeline:default\n');
  expect(cim.names(DESTINATION)).toEqual(['cadf-pipeline:default']);
  expect(cim.names(FILTER)).toEqual(kvm.map((name) => `cadf-pipeline:default:libvirt/${name}@root/virt`));
  expect(cim.names(SUBSCRIPTION)).toEqual(cim.names(FILTER));
  expect(first.stderr).toMatch(
    /left out, CIM_ERR_INVALID_CLASS .*\n {2}libvirt\/Xen_ComputerSystemCreatedIndication@root\/virt\n/,
  );
  expect(first.stderr).toContain('9 subscriptions in root/interop\n');
  const before = cim.requests.length;
  const again = await cadf('subscribe', '--for', 'libvirt', cim.url, listener);
  expect(again.status, again.stderr).toBe(0);
  expect(
    again.stdout
      .trimEnd()
      .split('\n')
      .every((line) => line.startsWith('kept ')),
  ).toBe(true);
  expect(cim.names(SUBSCRIPTION)).toHaveLength(9);
  const changes = cim.requests.slice(before).filter(({ method }) => method !== 'EnumerateInstances');
  expect(changes.filter(({ body }) => body.includes('KVM_'))).toEqual([]);
});

test('a request is one that DSP0200 and DSP0201 describe', async () => {
  const cim = await server();
  await cadf('subscribe', '--for', 'alerts', cim.url, listener);
  const created = cim.requests.filter(({ method }) => method === 'CreateInstance');
  expect(created[0]?.headers).toMatchObject({
    cimoperation: 'MethodCall',
    cimmethod: 'CreateInstance',
    cimobject: 'root/interop',
    'content-type': 'application/xml; charset="utf-8"',
  });
  expect(created[1]?.body).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="utf-8"?>
    <CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1006" PROTOCOLVERSION="1.0"><SIMPLEREQ><IMETHODCALL NAME="CreateInstance"><LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="interop"/></LOCALNAMESPACEPATH><IPARAMVALUE NAME="NewInstance"><INSTANCE CLASSNAME="CIM_IndicationFilter"><PROPERTY NAME="SystemCreationClassName" TYPE="string"><VALUE>CIM_ComputerSystem</VALUE></PROPERTY><PROPERTY NAME="SystemName" TYPE="string"><VALUE>cim.example</VALUE></PROPERTY><PROPERTY NAME="CreationClassName" TYPE="string"><VALUE>CIM_IndicationFilter</VALUE></PROPERTY><PROPERTY NAME="Name" TYPE="string"><VALUE>cadf-pipeline:default:alerts/CIM_AlertIndication@root/cimv2</VALUE></PROPERTY><PROPERTY NAME="Query" TYPE="string"><VALUE>SELECT * FROM CIM_AlertIndication</VALUE></PROPERTY><PROPERTY NAME="QueryLanguage" TYPE="string"><VALUE>WQL</VALUE></PROPERTY><PROPERTY NAME="SourceNamespace" TYPE="string"><VALUE>root/cimv2</VALUE></PROPERTY><PROPERTY.ARRAY NAME="SourceNamespaces" TYPE="string"><VALUE.ARRAY><VALUE>root/cimv2</VALUE></VALUE.ARRAY></PROPERTY.ARRAY></INSTANCE></IPARAMVALUE></IMETHODCALL></SIMPLEREQ></MESSAGE></CIM>
    "
  `);
  expect(created[2]?.body).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="utf-8"?>
    <CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1007" PROTOCOLVERSION="1.0"><SIMPLEREQ><IMETHODCALL NAME="CreateInstance"><LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="interop"/></LOCALNAMESPACEPATH><IPARAMVALUE NAME="NewInstance"><INSTANCE CLASSNAME="CIM_IndicationSubscription"><PROPERTY.REFERENCE NAME="Filter" REFERENCECLASS="CIM_IndicationFilter"><VALUE.REFERENCE><LOCALINSTANCEPATH><LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="interop"/></LOCALNAMESPACEPATH><INSTANCENAME CLASSNAME="CIM_IndicationFilter"><KEYBINDING NAME="SystemCreationClassName"><KEYVALUE VALUETYPE="string">CIM_ComputerSystem</KEYVALUE></KEYBINDING><KEYBINDING NAME="SystemName"><KEYVALUE VALUETYPE="string">cim.example</KEYVALUE></KEYBINDING><KEYBINDING NAME="CreationClassName"><KEYVALUE VALUETYPE="string">CIM_IndicationFilter</KEYVALUE></KEYBINDING><KEYBINDING NAME="Name"><KEYVALUE VALUETYPE="string">cadf-pipeline:default:alerts/CIM_AlertIndication@root/cimv2</KEYVALUE></KEYBINDING></INSTANCENAME></LOCALINSTANCEPATH></VALUE.REFERENCE></PROPERTY.REFERENCE><PROPERTY.REFERENCE NAME="Handler" REFERENCECLASS="CIM_ListenerDestinationCIMXML"><VALUE.REFERENCE><LOCALINSTANCEPATH><LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="interop"/></LOCALNAMESPACEPATH><INSTANCENAME CLASSNAME="CIM_ListenerDestinationCIMXML"><KEYBINDING NAME="SystemCreationClassName"><KEYVALUE VALUETYPE="string">CIM_ComputerSystem</KEYVALUE></KEYBINDING><KEYBINDING NAME="SystemName"><KEYVALUE VALUETYPE="string">cim.example</KEYVALUE></KEYBINDING><KEYBINDING NAME="CreationClassName"><KEYVALUE VALUETYPE="string">CIM_ListenerDestinationCIMXML</KEYVALUE></KEYBINDING><KEYBINDING NAME="Name"><KEYVALUE VALUETYPE="string">cadf-pipeline:default</KEYVALUE></KEYBINDING></INSTANCENAME></LOCALINSTANCEPATH></VALUE.REFERENCE></PROPERTY.REFERENCE><PROPERTY NAME="SubscriptionState" TYPE="uint16"><VALUE>2</VALUE></PROPERTY><PROPERTY NAME="OnFatalErrorPolicy" TYPE="uint16"><VALUE>2</VALUE></PROPERTY><PROPERTY NAME="RepeatNotificationPolicy" TYPE="uint16"><VALUE>2</VALUE></PROPERTY></INSTANCE></IPARAMVALUE></IMETHODCALL></SIMPLEREQ></MESSAGE></CIM>
    "
  `);
});

test('what differs is told and left, and replaced when asked', async () => {
  const cim = await server();
  const base = ['subscribe', '--for', 'alerts', cim.url];
  await cadf(...base, listener);
  cim.change(FILTER, cim.names(FILTER)[0] ?? '', 'Query', 'SELECT * FROM CIM_InstCreation');
  const told = await cadf(...base, listener);
  expect(told.status).toBe(1);
  expect(told.stdout).toContain('its query is SELECT * FROM CIM_InstCreation; --replace changes it');
  const replaced = await cadf(...base, '--replace', listener);
  expect(replaced.status, replaced.stderr).toBe(0);
  expect(replaced.stdout).toMatch(/^kept +destination [^]*^replaced +filter [^]*^created +subscription /m);

  const moved = 'http://other.example:5990/kvm-1';
  const left = await cadf(...base, moved);
  expect(left.status).toBe(1);
  expect(left.stdout).toContain(`it sends to ${listener}; --replace changes it`);
  expect((await cadf(...base, '--replace', moved)).status).toBe(0);
  expect(cim.names(SUBSCRIPTION)).toHaveLength(1);
  expect((await cadf('list', cim.url)).stdout).toContain(`→ ${moved} (cadf-pipeline:default)`);
});

test('a subscription that was switched off is told, and enabled when asked', async () => {
  const cim = await server({ subscriptionClass: 'Sim_IndicationSubscription' });
  const command = ['subscribe', '--for', 'alerts', cim.url, listener];
  await cadf(...command);
  cim.change(SUBSCRIPTION, cim.names(SUBSCRIPTION)[0] ?? '', 'SubscriptionState', '4');
  expect((await cadf('list', cim.url)).stdout).toMatch(/^disabled /);
  const told = await cadf(...command);
  expect(told.status).toBe(1);
  expect(told.stdout).toContain('its SubscriptionState is 4, not 2 (enabled)');
  expect((await cadf(...command, '--replace')).stdout).toMatch(/^enabled +subscription /m);
  expect((await cadf('list', cim.url)).stdout).toMatch(/^enabled /);
});

test('older servers are spoken to in their own classes and properties', async () => {
  const cim = await server({
    isOld: true,
    interop: 'root/PG_InterOp',
    unknownProperties: ['SourceNamespaces', 'Protocol', 'PersistenceType', 'RepeatNotificationPolicy'],
    systemName: null,
  });
  const run = await cadf('subscribe', '--for', 'alerts', '--system-name', 'old.example', cim.url, listener);
  expect(run.status, run.stderr).toBe(0);
  expect(cim.names('CIM_IndicationHandlerCIMXML')).toEqual(['cadf-pipeline:default']);
  expect(run.stderr).toContain('1 subscriptions in root/PG_InterOp');
  expect((await cadf('subscribe', '--for', 'alerts', cim.url, listener)).stdout).not.toContain('created');
});

test('a query of your own, in your namespaces and language, must be taken', async () => {
  const cim = await server();
  const query = 'SELECT * FROM CIM_InstCreation WHERE SourceInstance ISA CIM_ComputerSystem';
  const command = ['subscribe', '--name', 'mine', '--namespace', 'root/cimv2/', '--query', query];
  const run = await cadf(...command, '--query-language', 'DMTF:CQL', cim.url, listener);
  expect(run.status, run.stderr).toBe(0);
  expect(cim.names(FILTER)).toEqual([
    expect.stringMatching(/^cadf-pipeline:mine:query\/[0-9a-f]{16}@root\/cimv2$/),
  ]);
  const wrong = await cadf('subscribe', '--name', 'wrong', '--query', query, cim.url, listener);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain('CIM_ERR_INVALID_QUERY: cannot be read');
  expect(cim.names(DESTINATION)).toEqual(['cadf-pipeline:mine']);
});

test('nothing is left behind where the server takes none of the filters', async () => {
  const cim = await server();
  const run = await cadf('subscribe', '--for', 'hyper-v', cim.url, listener);
  expect(run.status).toBe(2);
  expect(run.stderr).toContain('left out, CIM_ERR_INVALID_NAMESPACE');
  expect(run.stderr).toContain('The server took none of the filters');
  expect(run.stdout).toBe(
    'created    destination cadf-pipeline:default\nremoved    destination cadf-pipeline:default\n',
  );
  expect([...cim.names(DESTINATION), ...cim.names(FILTER)]).toEqual([]);
});

test('a dry run shows every change and makes none', async () => {
  const cim = await server();
  const run = await cadf('subscribe', '--for', 'alerts', '--dry-run', cim.url, listener);
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout.match(/<IMETHODCALL NAME="CreateInstance">/g)).toHaveLength(5);
  expect(run.stdout).toContain('<VALUE>http://cadf.example:5990/kvm-1</VALUE>');
  expect(run.stderr).toContain(
    'to create  filter cadf-pipeline:default:alerts/CIM_AlertIndication@root/cimv2',
  );
  expect(cim.requests.every(({ method }) => method === 'EnumerateInstances')).toBe(true);
});

test('unsubscribe removes what subscribe made under the name, and nothing else', async () => {
  const cim = await server();
  await cadf('subscribe', '--for', 'alerts', cim.url, listener);
  await cadf('subscribe', '--for', 'lifecycle', '--name', 'other', cim.url, listener);
  const shown = await cadf('unsubscribe', '--dry-run', cim.url);
  expect(shown.stdout.match(/<IMETHODCALL NAME="DeleteInstance">/g)).toHaveLength(3);
  expect(cim.names(FILTER)).toHaveLength(4);
  const run = await cadf('unsubscribe', cim.url);
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout).toMatch(/^removed {2}subscription [^]*^removed {2}filter [^]*^removed {2}destination /m);
  expect(cim.names(DESTINATION)).toEqual(['cadf-pipeline:other']);
  expect(cim.names(FILTER)).toHaveLength(3);
  const none = await cadf('unsubscribe', cim.url);
  expect(none.status).toBe(0);
  expect(none.stderr).toContain('nothing in root/interop under the name default');
});

test('list shows what is whole and what is not, as text and JSON', async () => {
  const cim = await server();
  await cadf('subscribe', '--for', 'alerts', cim.url, listener);
  const text = await cadf('list', cim.url);
  expect(text.stdout).toBe(
    `enabled    cadf-pipeline:default:alerts/CIM_AlertIndication@root/cimv2: SELECT * FROM CIM_AlertIndication in root/cimv2 → ${listener} (cadf-pipeline:default)\n`,
  );
  const json = await cadf('list', '--json', cim.url);
  expect(JSON.parse(json.stdout)).toEqual({
    state: 'enabled',
    filter: 'cadf-pipeline:default:alerts/CIM_AlertIndication@root/cimv2',
    query: 'SELECT * FROM CIM_AlertIndication',
    queryLanguage: 'WQL',
    namespaces: ['root/cimv2'],
    destination: 'cadf-pipeline:default',
    url: listener,
  });
});
