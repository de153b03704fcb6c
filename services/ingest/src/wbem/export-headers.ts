/** The headers of an export request, checked as DSP0200 asks of a listener, plain (POST) and mandatory (M-POST, RFC 2774). */
import type { IncomingHttpHeaders } from 'node:http';
import type { WbemRefusal } from './wbem-refusal.ts';

/** The extension of HTTP that CIM operations are (DSP0200). */
export const CIM_EXTENSION = 'http://www.dmtf.org/cim/mapping/http/v1.0';

export interface ExportHeaders {
  /** `NN` of M-POST: prefix of the CIM headers, also in the answer. */
  readonly namespace?: string;
  /** `CIMProtocolVersion`; undefined: what the message says counts, for servers leave the header out at any version. */
  readonly protocolVersion?: string;
  /** `CIMExportMethod`; undefined: a batch. */
  readonly method?: string;
  /** Of Content-Type, lower case; undefined: the document says it. */
  readonly charset?: string;
}

const MAN = /^\s{0,8}"?([^";\s]{1,200})"?\s{0,8};\s{0,8}ns\s{0,8}=\s{0,8}(\d{2})\s{0,8}$/;
const XML_TYPES = new Set(['text/xml', 'application/xml']);

/** `isMandatory`: the request came as M-POST. */
export function readExportHeaders(
  headers: IncomingHttpHeaders,
  isMandatory: boolean,
  httpVersion: string,
): ExportHeaders | WbemRefusal {
  const unacceptable = refuseAccept(headers) ?? refuseContent(headers);
  if (unacceptable !== undefined) return unacceptable;
  const namespace = isMandatory ? namespaceOf(headers, httpVersion) : undefined;
  if (typeof namespace === 'object') return namespace;
  const cim = (name: string): string | undefined =>
    textOf(headers[namespace === undefined ? name : `${namespace}-${name}`])?.trim();

  if (cim('cimexport')?.toLowerCase() !== 'methodrequest')
    return {
      status: 400,
      cimError: 'unsupported-operation',
      detail: 'A listener takes exports only: send the header CIMExport: MethodRequest.',
    };
  const encodedMethod = cim('cimexportmethod');
  const isBatch = cim('cimexportbatch') !== undefined;
  if (isBatch === (encodedMethod !== undefined))
    return {
      status: 400,
      cimError: 'header-mismatch',
      detail: 'Send either CIMExportMethod (one export) or CIMExportBatch (several).',
    };
  const charset = charsetOf(headers['content-type'] ?? '');
  const protocolVersion = cim('cimprotocolversion');
  return {
    ...(protocolVersion === undefined ? {} : { protocolVersion }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(encodedMethod === undefined ? {} : { method: decoded(encodedMethod) }),
    ...(charset === undefined ? {} : { charset }),
  };
}

/** RFC 2774: what a mandatory request demands must be understood (510), and it must demand something (400). */
function namespaceOf(headers: IncomingHttpHeaders, httpVersion: string): string | WbemRefusal {
  if (httpVersion === '1.0')
    return { status: 400, detail: 'M-POST is a method of HTTP/1.1; send POST in HTTP/1.0.' };
  const man = textOf(headers['man']);
  if (man === undefined)
    return { status: 400, detail: `M-POST needs the header Man: ${CIM_EXTENSION} ; ns=NN.` };
  const found = MAN.exec(man.slice(0, 400));
  if (found?.[1] !== CIM_EXTENSION || found[2] === undefined)
    return {
      status: 510,
      detail: `Only this extension is known: Man: ${CIM_EXTENSION} ; ns=NN with two digits. Send that, or POST.`,
    };
  return found[2];
}

function refuseAccept(headers: IncomingHttpHeaders): WbemRefusal | undefined {
  const { accept } = headers;
  if (
    accept !== undefined &&
    !accepts(accept, ['text/xml', 'application/xml', 'text/*', 'application/*', '*/*'])
  )
    return { status: 406, detail: 'Answers are text/xml in UTF-8: accept that, or leave Accept out.' };
  const charsets = textOf(headers['accept-charset']);
  if (charsets !== undefined && !accepts(charsets, ['utf-8', '*']))
    return { status: 406, detail: 'Answers are in UTF-8: accept that, or leave Accept-Charset out.' };
  // DSP0200: the whole answer or none.
  if (headers['accept-ranges'] !== undefined || headers['accept-range'] !== undefined)
    return { status: 406, detail: 'Answers come whole: leave Accept-Ranges out.' };
  return undefined;
}

function refuseContent(headers: IncomingHttpHeaders): WbemRefusal | undefined {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!XML_TYPES.has(type))
    return {
      status: 415,
      detail: 'Send CIM-XML: Content-Type: application/xml; charset="utf-8" (or text/xml).',
      headers: { Accept: 'application/xml, text/xml' },
    };
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity')
    return {
      status: 415,
      detail: 'Send the body as it is: no Content-Encoding is taken.',
      headers: { 'Accept-Encoding': 'identity' },
    };
  return undefined;
}

/** Whether a list with qualities (RFC 9110 12.4.2) has one of the names, its quality above 0. */
function accepts(list: string, names: readonly string[]): boolean {
  return list
    .slice(0, 2000)
    .split(',')
    .some((item) => {
      const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
      const isNone = parameters.some((parameter) => /^q\s{0,8}=\s{0,8}0(?:\.0{0,3})?$/.test(parameter));
      return !isNone && names.includes(name);
    });
}

function charsetOf(contentType: string): string | undefined {
  const found = /;\s{0,8}charset\s{0,8}=\s{0,8}"?([A-Za-z0-9._:-]{1,40})"?/i.exec(contentType.slice(0, 500));
  return found?.[1]?.toLowerCase();
}

/** CIM headers are UTF-8 with `%` before what headers cannot hold (DSP0200). */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}
