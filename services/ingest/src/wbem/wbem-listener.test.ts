/** What CIM servers send, over real sockets, and what they are answered (DSP0200, DSP0201). */
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { decodeReceived } from '../records/received-record.ts';
import {
  cimMessage,
  exportCall,
  exportMessage,
  exportRequest,
  nextAnswer,
  send,
  startListener,
} from './listener.test-support.ts';

const OPEN = { CADF_WBEM_AUTH: 'none' };

test('an indication is kept as it came before its success is told', async () => {
  const { port, token, records } = await startListener();
  const body = exportMessage('7&amp;8', { Message: 'ä' });
  const answer = await send(port, exportRequest({ path: '/hypervisors-a', token, body }));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cimexport')).toBe('MethodResponse');
  expect(answer.headers.get('content-type')).toBe('application/xml; charset="utf-8"');
  expect(answer.body).toBe(`<?xml version="1.0" encoding="utf-8" ?>
<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="7&amp;8" PROTOCOLVERSION="1.0"><SIMPLEEXPRSP><EXPMETHODRESPONSE NAME="ExportIndication"/></SIMPLEEXPRSP></MESSAGE></CIM>
`);
  const [record, ...others] = await records();
  expect(others).toEqual([]);
  expect(record?.value?.toString()).toBe(body);
  expect(decodeReceived(record!)).toMatchObject({
    source: 'hypervisors-a',
    submitter: 'sender',
    record: { address: '127.0.0.1', position: '/hypervisors-a message 7&8' },
  });
});

test('the path names the source, also behind a segment; / is the default one', async () => {
  const { port, records } = await startListener(OPEN);
  for (const path of ['/', '/mixed', '/CIMListener/mixed?x=1', '/%6Dixed', 'http://listener/mixed'])
    expect((await send(port, exportRequest({ path, body: exportMessage('1') }))).body).toContain(
      'RESPONSE NAME="ExportIndication"/>',
    );
  expect((await records()).map(({ headers }) => headers['cadf-source'])).toEqual([
    'hypervisors-a',
    'mixed',
    'mixed',
    'mixed',
    'mixed',
  ]);
});

test.each([
  ['/nothing', 'CODE="1"', 'not registered'],
  ['/other', 'CODE="1"', 'of type cadf'],
  ['/cadf-pipeline', 'CODE="1"', 'not registered'],
  ['/a/b/mixed', 'CODE="1"', 'names no source'],
  ['/%zz', 'CODE="1"', 'names no source'],
])('to the path %s the sender is told an error of CIM, and nothing is kept', async (path, code, words) => {
  const { port, records, metrics } = await startListener(OPEN);
  const answer = await send(port, exportRequest({ path, body: exportMessage('1') }));
  expect(answer.status).toBe(200);
  expect(answer.body).toContain(`<EXPMETHODRESPONSE NAME="ExportIndication"><ERROR ${code}`);
  expect(answer.body).toContain(words);
  expect(await records()).toEqual([]);
  expect(await metrics()).toContain('cadf_wbem_indications_total{ending="refused"} 1');
});

test('a batch has an answer for each call, and is kept when one of them can be taken', async () => {
  const { port, records } = await startListener(OPEN);
  const headers = { CIMExportMethod: undefined, CIMExportBatch: '' };
  const batch = ['ExportIndication', 'Other', 'ExportIndication']
    .map((call) => `<SIMPLEEXPREQ>${exportCall({}, call)}</SIMPLEEXPREQ>`)
    .join('');
  const body = cimMessage('9', `<MULTIEXPREQ>${batch}</MULTIEXPREQ>`);
  const answer = await send(port, exportRequest({ headers, body }));
  expect(answer.body).toMatch(
    /<MULTIEXPRSP><SIMPLEEXPRSP><EXPMETHODRESPONSE NAME="ExportIndication"\/><\/SIMPLEEXPRSP><SIMPLEEXPRSP><EXPMETHODRESPONSE NAME="Other"><ERROR CODE="7" [^>]+\/><\/EXPMETHODRESPONSE><\/SIMPLEEXPRSP><SIMPLEEXPRSP><EXPMETHODRESPONSE NAME="ExportIndication"\/><\/SIMPLEEXPRSP><\/MULTIEXPRSP>/,
  );
  expect(await records()).toHaveLength(1);
});

test('an unknown method and a wrong parameter are errors of CIM', async () => {
  const { port, records } = await startListener(OPEN);
  const other = exportRequest({ headers: { CIMExportMethod: 'Foo' }, body: exportMessage('1', {}, 'Foo') });
  expect((await send(port, other)).body).toContain('<ERROR CODE="7"');
  const wrong = exportMessage('1').replace('NewIndication', 'OldIndication');
  expect((await send(port, exportRequest({ body: wrong }))).body).toContain('<ERROR CODE="4"');
  const empty = exportMessage('1').replace(/<INSTANCE.*<\/INSTANCE>/, '');
  expect((await send(port, exportRequest({ body: empty }))).body).toContain('<ERROR CODE="4"');
  expect(await records()).toEqual([]);
});

test('M-POST is answered with Ext and the prefix that it chose, in one connection each', async () => {
  const { port, records } = await startListener(OPEN);
  const headers = {
    Man: 'http://www.dmtf.org/cim/mapping/http/v1.0 ; ns=73',
    '73-CIMExport': 'MethodRequest',
    '73-CIMExportMethod': 'ExportIndication',
    '73-CIMProtocolVersion': '1.0',
  };
  const request = exportRequest({ method: 'M-POST', headers, body: exportMessage('1') });
  const pieces = [request.subarray(0, 3), request.subarray(3, 60), request.subarray(60)];
  const answer = await send(port, pieces);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('ext')).toBe('');
  expect(answer.headers.get('man')).toBe('http://www.dmtf.org/cim/mapping/http/v1.0 ; ns=73');
  expect(answer.headers.get('73-cimexport')).toBe('MethodResponse');
  expect(answer.headers.get('cimexport')).toBeUndefined();
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(answer.headers.get('connection')).toBe('close');
  expect(await records()).toHaveLength(1);
});

test.each([
  ['no Man', {}, '1.1', 400],
  ['another extension', { Man: '"http://www.example.org/x" ; ns=12' }, '1.1', 510],
  ['a prefix of one digit', { Man: 'http://www.dmtf.org/cim/mapping/http/v1.0;ns=7' }, '1.1', 510],
  ['HTTP/1.0', { Man: 'http://www.dmtf.org/cim/mapping/http/v1.0 ; ns=73' }, '1.0', 400],
  [
    'CIM headers without the prefix',
    { Man: 'http://www.dmtf.org/cim/mapping/http/v1.0 ; ns=73', CIMExport: 'MethodRequest' },
    '1.1',
    400,
  ],
])('M-POST with %s is refused', async (_, headers, version, status) => {
  const { port, records } = await startListener(OPEN);
  const request = exportRequest({ method: 'M-POST', version, headers, body: exportMessage('1') });
  expect((await send(port, request)).status).toBe(status);
  expect(await records()).toEqual([]);
});

test('M-POST later on a connection is answered 501, with which a server falls back to POST', async () => {
  const { port } = await startListener(OPEN);
  const socket = connect({ host: '127.0.0.1', port });
  const first = nextAnswer(socket);
  socket.write(exportRequest({ body: exportMessage('1') }));
  expect((await first).status).toBe(200);
  const second = nextAnswer(socket);
  socket.write(exportRequest({ method: 'M-POST', body: exportMessage('2') }));
  expect((await second).status).toBe(501);
  socket.destroy();
});

test.each([
  ['CIMExport left out', { CIMExport: undefined }, 400, 'unsupported-operation'],
  ['an operation', { CIMExport: undefined, CIMOperation: 'MethodCall' }, 400, 'unsupported-operation'],
  ['CIMExport of an answer', { CIMExport: 'MethodResponse' }, 400, 'unsupported-operation'],
  ['another CIMExportMethod', { CIMExportMethod: 'Foo' }, 400, 'header-mismatch'],
  ['no CIMExportMethod', { CIMExportMethod: undefined }, 400, 'header-mismatch'],
  ['CIMExportBatch beside it', { CIMExportBatch: '' }, 400, 'header-mismatch'],
  [
    'CIMExportBatch with one export',
    { CIMExportBatch: '', CIMExportMethod: undefined },
    400,
    'header-mismatch',
  ],
  ['another CIMProtocolVersion', { CIMProtocolVersion: '1.2' }, 400, 'header-mismatch'],
  ['another type', { 'Content-Type': 'application/json' }, 415, undefined],
  ['no type', { 'Content-Type': undefined }, 415, undefined],
  ['a charset that is not read', { 'Content-Type': 'text/xml; charset=ebcdic-cp-us' }, 415, undefined],
  ['a packed body', { 'Content-Encoding': 'gzip' }, 415, undefined],
  ['Accept of something else', { Accept: 'application/json, text/xml;q=0' }, 406, undefined],
  ['Accept-Charset of something else', { 'Accept-Charset': 'utf-16' }, 406, undefined],
  ['Accept-Ranges', { 'Accept-Ranges': 'bytes' }, 406, undefined],
  ['no length', { 'Content-Length': undefined }, 411, undefined],
])('%s is refused below CIM', async (_, headers, status, cimError) => {
  const { port, records } = await startListener(OPEN);
  const answer = await send(port, exportRequest({ headers, body: exportMessage('1') }));
  expect(answer.status).toBe(status);
  expect(answer.headers.get('cimerror')).toBe(cimError);
  expect(await records()).toEqual([]);
});

test.each([
  { CIMExportMethod: 'Export%49ndication' },
  { Accept: 'text/html, */*;q=0.1' },
  { 'Accept-Charset': 'iso-8859-1, UTF-8;q=0.5' },
  { 'Content-Type': 'text/xml' },
  { 'Content-Type': 'TEXT/XML; charset=UTF-8' },
  // sfcb: no protocol but curl's, its own Connection.
  {
    'Content-Type': undefined,
    'Content-type': 'application/xml; charset="utf-8"',
    Connection: 'Keep-Alive, TE',
    CIMProtocolVersion: '1.0',
    Accept: '*/*',
  },
  // OpenPegasus.
  { 'Content-Language': 'en', 'Accept-Language': 'de;q=0.8', TE: 'chunked, trailers' },
  { CIMProtocolVersion: '1.0', cimexport: 'methodrequest', CIMExport: undefined },
])('headers as other servers write them are taken: %o', async (headers) => {
  const { port } = await startListener(OPEN);
  expect((await send(port, exportRequest({ headers, body: exportMessage('1') }))).status).toBe(200);
});

test.each([
  ['text that is no XML', 'hello', 'request-not-well-formed', 400],
  ['nothing', '', 'request-not-well-formed', 400],
  ['a cut message', exportMessage('1').slice(0, -20), 'request-not-well-formed', 400],
  ['an entity', exportMessage('1', { a: '&x;' }), 'request-not-well-formed', 400],
  [
    'a document type',
    exportMessage('1').replace('<CIM ', '<!DOCTYPE CIM [<!ENTITY x "y">]><CIM '),
    'request-not-valid',
    400,
  ],
  ['another root', '<a/>', 'request-not-loosely-valid', 400],
  ['no id', exportMessage('1').replace('ID="1"', ''), 'request-not-loosely-valid', 400],
  [
    'an operation inside',
    exportMessage('1').replaceAll('SIMPLEEXPREQ', 'SIMPLEREQ'),
    'request-not-loosely-valid',
    400,
  ],
  [
    'two exports',
    cimMessage('1', `<SIMPLEEXPREQ>${exportCall()}</SIMPLEEXPREQ>`.repeat(2)),
    'request-not-loosely-valid',
    400,
  ],
  ['elements without end', exportMessage('1', { a: '<a>'.repeat(60) }), 'request-not-loosely-valid', 400],
  [
    'CIM 3',
    exportMessage('1').replace('CIMVERSION="2.0"', 'CIMVERSION="3.0"'),
    'unsupported-cim-version',
    501,
  ],
  [
    'DTD 3',
    exportMessage('1').replace('DTDVERSION="2.0"', 'DTDVERSION="3.0"'),
    'unsupported-dtd-version',
    501,
  ],
  [
    'protocol 2',
    exportMessage('1').replace('PROTOCOLVERSION="1.0"', 'PROTOCOLVERSION="2.0"'),
    'unsupported-protocol-version',
    501,
  ],
])('a body that is %s is refused with its CIMError', async (_, body, cimError, status) => {
  const { port, records } = await startListener(OPEN);
  const answer = await send(port, exportRequest({ body }));
  expect(answer.headers.get('cimerror')).toBe(cimError);
  expect(answer.status).toBe(status);
  expect(await records()).toEqual([]);
});

test('versions are those of the request', async () => {
  const { port } = await startListener(OPEN);
  const body = exportMessage('1')
    .replace('"2.0" DTDVERSION="2.0"', '"2.6" DTDVERSION="2.4"')
    .replace('VERSION="1.0">', 'VERSION="1.4">');
  const answer = await send(port, exportRequest({ body }));
  expect(answer.body).toContain(
    '<CIM CIMVERSION="2.6" DTDVERSION="2.4"><MESSAGE ID="1" PROTOCOLVERSION="1.4">',
  );
});

test('another charset is kept as UTF-8, by header, declaration or byte order mark', async () => {
  const { port, records } = await startListener(OPEN);
  const body = exportMessage('1', { Message: 'größer' });
  const declared = body.replace('encoding="utf-8"', 'encoding="iso-8859-1"');
  const type = (charset: string): { 'Content-Type': string } => ({ 'Content-Type': `text/xml${charset}` });
  const sent = [
    exportRequest({ headers: type('; charset=ISO-8859-1'), body: Buffer.from(body, 'latin1') }),
    exportRequest({ headers: type(''), body: Buffer.from(declared, 'latin1') }),
    exportRequest({ headers: type(''), body: Buffer.from(`\uFEFF${body}`, 'utf16le') }),
  ];
  for (const request of sent) expect((await send(port, request)).status).toBe(200);
  for (const { value } of await records()) expect(value?.toString()).toContain('größer');
  const wrong = await send(port, exportRequest({ body: Buffer.from(body, 'latin1') }));
  expect(wrong.headers.get('cimerror')).toBe('request-not-well-formed');
});

test.each(['GET', 'PUT', 'DELETE', 'HEAD'])('%s is no method of a listener', async (method) => {
  const { port } = await startListener(OPEN);
  const answer = await send(
    port,
    Buffer.from(`${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
  );
  if (method !== 'HEAD') expect(answer.status).toBe(405);
  if (method !== 'HEAD') expect(answer.headers.get('allow')).toBe('POST, M-POST, OPTIONS');
});

test('OPTIONS tells what the listener can', async () => {
  const { port } = await startListener();
  const answer = await send(port, Buffer.from('OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('opt')).toBe('http://www.dmtf.org/cim/mapping/http/v1.0 ; ns=77');
  expect(answer.headers.get('77-cimsupportedexportgroups')).toBe('Indication');
  expect(answer.headers.get('77-cimsupportsmultipleexports')).toBe('');
});

test('HTTP/1.0, bodies in chunks, and senders that wait for 100 Continue are served', async () => {
  const { port, records } = await startListener(OPEN);
  const body = exportMessage('1');
  const old = await send(port, exportRequest({ version: '1.0', headers: { Host: undefined }, body }));
  expect(old.status).toBe(200);
  const chunked = exportRequest({
    headers: { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' },
    body: `5\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`,
  });
  expect((await send(port, chunked)).status).toBe(200);
  const waiting = exportRequest({ headers: { Expect: '100-continue' }, body });
  expect((await send(port, [waiting.subarray(0, -body.length), body])).status).toBe(200);
  expect(await records()).toHaveLength(3);
  const refused = exportRequest({ headers: { Expect: '100-continue', CIMExport: undefined }, body });
  expect((await send(port, refused.subarray(0, -body.length))).status).toBe(400);
});
