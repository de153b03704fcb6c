/**
 * One export request, from its headers to what is answered. An indication is durable in `cadf.records` before its
 * success is told; a message of several is one record, and is kept when at least one of its calls can be taken.
 */
import type { IncomingMessage } from 'node:http';
import { StreamError } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { encodeReceived } from '../records/received-record.ts';
import { normalizeAddress } from '../syslog/sender-sources.ts';
import { RECORDS_TOPIC } from '../topics.ts';
import { decodeBody } from './decode-body.ts';
import { CIM_ERR, exportAnswer } from './export-answer.ts';
import type { CimError } from './export-answer.ts';
import { readExportHeaders } from './export-headers.ts';
import type { ExportHeaders } from './export-headers.ts';
import { ExportMessageError, readExportMessage } from './export-message.ts';
import type { ExportCall, ExportMessage } from './export-message.ts';
import { readRequestBody, refuseLength } from './read-request-body.ts';
import type { TellRefusal } from './refusal-log.ts';
import type { Sender, Senders } from './sender.ts';
import type { NumberedIndication } from './sequence-watch.ts';
import type { WbemMetrics } from './wbem-metrics.ts';
import { isRefusal } from './wbem-refusal.ts';
import type { WbemRefusal } from './wbem-refusal.ts';

export interface TakeExportDependencies {
  readonly stream: Pick<EventStream, 'append'>;
  readonly senders: Senders;
  readonly metrics: WbemMetrics;
  /** Why nothing is taken now; undefined when all is well. */
  readonly pressure: () => string | undefined;
  /** Resolves when the numbers are remembered for good. */
  readonly noteNumbers: (source: string, numbers: readonly NumberedIndication[]) => Promise<void>;
  readonly tellRefusal: TellRefusal;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly maxBodyBytes: number;
}

/** What is answered with 200. */
export interface ExportAnswered {
  readonly body: string;
  /** `NN` of M-POST. */
  readonly namespace?: string;
}

export interface RequestKind {
  readonly isMandatory: boolean;
  /** Tells a sender that waits (`Expect: 100-continue`) to go on. */
  readonly proceed: () => void;
}

export type TakeExport = (
  request: IncomingMessage,
  kind: RequestKind,
) => Promise<ExportAnswered | WbemRefusal>;

const RETRY_AFTER = { 'Retry-After': '1' };

/** Throws BrokenRequestError where the sender went away. */
export function createTakeExport(dependencies: TakeExportDependencies): TakeExport {
  const { stream, senders, metrics, pressure, noteNumbers, tellRefusal, now, maxBodyBytes } = dependencies;

  async function take(
    request: IncomingMessage,
    { isMandatory, proceed }: RequestKind,
  ): Promise<ExportAnswered | WbemRefusal> {
    const sender = senders.identify(request);
    if (isRefusal(sender)) return sender;
    const busy = pressure();
    if (busy !== undefined) return unavailable(busy);
    const headers = readExportHeaders(request.headers, isMandatory, request.httpVersion);
    if (isRefusal(headers)) return headers;
    const misfit = refuseLength(request, maxBodyBytes);
    if (misfit !== undefined) return misfit;
    proceed();
    const bytes = await readRequestBody(request, maxBodyBytes);
    if (isRefusal(bytes)) return bytes;
    const body = decodeBody(bytes, headers.charset);
    if (isRefusal(body)) return body;
    let message: ExportMessage;
    try {
      message = readExportMessage(body.text);
    } catch (error) {
      if (!(error instanceof ExportMessageError)) throw error;
      return { status: 400, cimError: error.cimError, detail: error.message };
    }
    const mismatch = refuseVersions(message) ?? refuseMismatch(message, headers);
    if (mismatch !== undefined) return mismatch;
    const results = await keep(message, body.utf8, sender, request);
    if (isRefusal(results)) return results;
    return {
      body: exportAnswer(message, results),
      ...(headers.namespace === undefined ? {} : { namespace: headers.namespace }),
    };
  }

  /** One result per call; undefined: taken. */
  async function keep(
    message: ExportMessage,
    bytes: Buffer,
    sender: Sender,
    request: IncomingMessage,
  ): Promise<readonly (CimError | undefined)[] | WbemRefusal> {
    const { calls } = message;
    const target = request.url ?? '/';
    const address = normalizeAddress(request.socket.remoteAddress ?? 'unknown');
    const found = senders.sourceOf(sender, target);
    if (!('source' in found)) {
      tellRefusal(address, target, found.description);
      metrics.indications('refused', calls.length);
      return calls.map(() => found);
    }
    const results = calls.map(faultOf);
    const taken = calls.filter((_, index) => results[index] === undefined);
    metrics.indications('refused', calls.length - taken.length);
    const refused = results.find((result) => result !== undefined);
    if (refused !== undefined) tellRefusal(address, target, refused.description);
    if (taken.length === 0) return results;
    const { source } = found;
    const record = encodeReceived(bytes, {
      source,
      sender: address,
      submitter: sender.submitter,
      receivedMs: now(),
      address,
      position: `${target.split('?', 1)[0] ?? '/'} message ${message.id}`,
      ...(sender.host === undefined ? {} : { envelope: { host: sender.host } }),
    });
    try {
      await stream.append(RECORDS_TOPIC, { records: [record] });
      // Behind the record: a number that is remembered has come, whatever ends in between.
      const numbers = taken.flatMap(({ sequence }) => sequence ?? []);
      if (numbers.length > 0) await noteNumbers(source, numbers);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      return error.code === 'STREAM_RECORD_TOO_LARGE'
        ? { status: 413, detail: error.message }
        : unavailable('What is sent cannot be kept now.');
    }
    metrics.indications('taken', taken.length);
    return results;
  }

  return take;
}

function unavailable(detail: string): WbemRefusal {
  return { status: 503, detail: `${detail} Send the message again.`, headers: RETRY_AFTER };
}

function faultOf({ method, parameters, hasIndication }: ExportCall): CimError | undefined {
  if (method !== 'ExportIndication')
    return {
      code: CIM_ERR.NOT_SUPPORTED,
      description: `${method.slice(0, 100)} is no method of a listener; ExportIndication is the only one.`,
    };
  if (parameters.length !== 1 || parameters[0]?.toLowerCase() !== 'newindication' || !hasIndication)
    return {
      code: CIM_ERR.INVALID_PARAMETER,
      description: 'ExportIndication takes one parameter, NewIndication, which holds an INSTANCE.',
    };
  return undefined;
}

/** DSP0200: minor versions are compatible, major ones are not. */
function refuseVersions(message: ExportMessage): WbemRefusal | undefined {
  const { protocolVersion, cimVersion, dtdVersion } = message;
  if (!/^1\.\d{1,4}(?:\.\d{1,4})?$/.test(protocolVersion))
    return {
      status: 501,
      cimError: 'unsupported-protocol-version',
      detail: 'PROTOCOLVERSION 1.x is spoken.',
    };
  if (!/^2\.\d{1,4}(?:\.\d{1,4})?$/.test(cimVersion))
    return { status: 501, cimError: 'unsupported-cim-version', detail: 'CIMVERSION 2.x is read.' };
  if (!/^2\.\d{1,4}(?:\.\d{1,4})?$/.test(dtdVersion))
    return { status: 501, cimError: 'unsupported-dtd-version', detail: 'DTDVERSION 2.x is read.' };
  return undefined;
}

function refuseMismatch(message: ExportMessage, headers: ExportHeaders): WbemRefusal | undefined {
  const mismatch = (detail: string): WbemRefusal => ({ status: 400, cimError: 'header-mismatch', detail });
  if (headers.protocolVersion !== undefined && headers.protocolVersion !== message.protocolVersion)
    return mismatch('CIMProtocolVersion is not the PROTOCOLVERSION of the message.');
  if (message.isBatch !== (headers.method === undefined))
    return mismatch('CIMExportBatch goes with MULTIEXPREQ, CIMExportMethod with SIMPLEEXPREQ.');
  if (headers.method !== undefined && headers.method.toLowerCase() !== message.calls[0]?.method.toLowerCase())
    return mismatch('CIMExportMethod is not the NAME of EXPMETHODCALL.');
  return undefined;
}
