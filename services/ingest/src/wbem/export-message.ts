/**
 * Reads of an export message (DSP0201, DSP0203) what its listener has to know: versions, id, methods, whether each has
 * its indication, and the place of that in its sequence. What an indication means its source reads later, from the
 * record; here the message is only held against the shape it must have ("loosely valid", DSP0200).
 */
import { SaxesParser } from 'saxes';
import type { SaxesTagPlain } from 'saxes';
import type { CimErrorHeader } from './wbem-refusal.ts';

export interface ExportMessage {
  readonly id: string;
  readonly cimVersion: string;
  readonly dtdVersion: string;
  readonly protocolVersion: string;
  /** MULTIEXPREQ; else SIMPLEEXPREQ with one call. */
  readonly isBatch: boolean;
  /** At least one. */
  readonly calls: readonly ExportCall[];
}

export interface ExportCall {
  readonly method: string;
  /** Names of the parameters. */
  readonly parameters: readonly string[];
  /** Whether `NewIndication` holds an INSTANCE. */
  readonly hasIndication: boolean;
  /** SequenceContext and SequenceNumber of DSP1054, where both are there and the number is one that can be counted. */
  readonly sequence?: { readonly context: string; readonly number: number };
}

/** The message cannot be read or answered as CIM-XML. */
export class ExportMessageError extends Error {
  readonly cimError: CimErrorHeader;
  constructor(cimError: CimErrorHeader, detail: string) {
    super(detail);
    this.cimError = cimError;
  }
}

const MAX_DEPTH = 48;
const MAX_CALLS = 1000;
const MAX_PARAMETERS = 100;
const MAX_ID = 1024;
const MAX_VALUE = 1024;
const DECLARATION = /^\uFEFF?\s{0,64}<\?xml [^>]{0,200}\?>/;
const SEQUENCE_PROPERTIES = new Set(['SEQUENCECONTEXT', 'SEQUENCENUMBER']);
/** Of the elements down to an indication, the parents each may stand in. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  MESSAGE: ['CIM'],
  MULTIEXPREQ: ['MESSAGE'],
  SIMPLEEXPREQ: ['MESSAGE', 'MULTIEXPREQ'],
  EXPMETHODCALL: ['SIMPLEEXPREQ'],
};

interface CallDraft {
  readonly method: string;
  readonly parameters: string[];
  hasIndication: boolean;
  readonly properties: Map<string, string>;
}

/** Throws ExportMessageError. */
export function readExportMessage(text: string): ExportMessage {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const path: string[] = [];
  const calls: CallDraft[] = [];
  let requests = 0;
  let isBatch = false;
  let versions: { cim: string; dtd: string } | undefined;
  let message: { id: string; protocol: string } | undefined;
  /** Depth of the INSTANCE that is the indication, while in it. */
  let indicationDepth = 0;
  /** The property of it that is read now, and its text. */
  let property: { readonly name: string; value: string } | undefined;

  parser.on('error', (error) => {
    throw new ExportMessageError(
      'request-not-well-formed',
      `The XML cannot be read: ${error.message.slice(0, 200)} (line:column).`,
    );
  });
  parser.on('doctype', () => {
    throw new ExportMessageError(
      'request-not-valid',
      'The XML declares a document type, which can define entities. Send it without <!DOCTYPE …>.',
    );
  });
  parser.on('opentag', (tag) => {
    if (path.length >= MAX_DEPTH) throw invalid(`Elements nest deeper than ${MAX_DEPTH}.`);
    const parent = path.at(-1);
    path.push(tag.name);
    if (indicationDepth > 0) return openInIndication(tag);
    const parents = PARENTS[tag.name];
    if (parents !== undefined && !parents.includes(parent ?? ''))
      throw invalid(`<${tag.name}> stands in <${(parent ?? '').slice(0, 60)}>.`);
    open(tag, parent);
  });
  parser.on('text', (part) => {
    if (property !== undefined && path.at(-1) === 'VALUE' && property.value.length < MAX_VALUE)
      property.value += part;
  });
  parser.on('cdata', (part) => {
    if (property !== undefined && path.at(-1) === 'VALUE' && property.value.length < MAX_VALUE)
      property.value += part;
  });
  parser.on('closetag', () => {
    path.pop();
    if (indicationDepth === 0) return;
    if (path.length === indicationDepth && property !== undefined) {
      calls.at(-1)?.properties.set(property.name, property.value.trim());
      property = undefined;
    } else if (path.length < indicationDepth) indicationDepth = 0;
  });

  function open({ name, attributes }: SaxesTagPlain, parent: string | undefined): void {
    if (parent === undefined && name !== 'CIM')
      throw invalid(`The root is <${name.slice(0, 60)}>, expected <CIM>.`);
    switch (name) {
      case 'CIM':
        versions = {
          cim: required(name, attributes, 'CIMVERSION'),
          dtd: required(name, attributes, 'DTDVERSION'),
        };
        break;
      case 'MESSAGE': {
        if (message !== undefined) throw invalid('There are two <MESSAGE>.');
        const id = required(name, attributes, 'ID');
        if (id.length > MAX_ID) throw invalid(`The ID of <MESSAGE> is longer than ${MAX_ID} characters.`);
        message = { id, protocol: required(name, attributes, 'PROTOCOLVERSION') };
        break;
      }
      case 'MULTIEXPREQ':
        if (isBatch || requests > 0) throw invalid('<MESSAGE> holds more than one request.');
        isBatch = true;
        break;
      case 'SIMPLEEXPREQ':
        if (++requests > (isBatch && parent === 'MULTIEXPREQ' ? MAX_CALLS : 1))
          throw invalid(`There are more exports than ${isBatch ? `the ${MAX_CALLS} of a message` : 'one'}.`);
        break;
      case 'EXPMETHODCALL':
        if (calls.length >= requests) throw invalid('A <SIMPLEEXPREQ> holds two <EXPMETHODCALL>.');
        calls.push({
          method: required(name, attributes, 'NAME'),
          parameters: [],
          hasIndication: false,
          properties: new Map(),
        });
        break;
      case 'EXPPARAMVALUE': {
        const call = calls.at(-1);
        if (parent !== 'EXPMETHODCALL' || call === undefined) break;
        if (call.parameters.length >= MAX_PARAMETERS)
          throw invalid(`A call has over ${MAX_PARAMETERS} parameters.`);
        call.parameters.push(required(name, attributes, 'NAME'));
        break;
      }
      case 'INSTANCE': {
        const call = calls.at(-1);
        if (parent !== 'EXPPARAMVALUE' || call?.parameters.at(-1)?.toLowerCase() !== 'newindication') break;
        required(name, attributes, 'CLASSNAME');
        call.hasIndication = true;
        indicationDepth = path.length;
        break;
      }
    }
  }

  function openInIndication({ name, attributes }: SaxesTagPlain): void {
    const wanted = attributes['NAME']?.toUpperCase() ?? '';
    if (path.length === indicationDepth + 1 && name === 'PROPERTY' && SEQUENCE_PROPERTIES.has(wanted))
      property = { name: wanted, value: '' };
  }

  const declaration = DECLARATION.exec(text)?.[0] ?? '';
  parser.write(text.slice(declaration.length)).close();
  if (versions === undefined || message === undefined || requests === 0)
    throw invalid('There is no export in <CIM>.');
  if (calls.length !== requests) throw invalid('A <SIMPLEEXPREQ> holds no <EXPMETHODCALL>.');
  return {
    id: message.id,
    cimVersion: versions.cim,
    dtdVersion: versions.dtd,
    protocolVersion: message.protocol,
    isBatch,
    calls: calls.map(toCall),
  };
}

function toCall({ method, parameters, hasIndication, properties }: CallDraft): ExportCall {
  const context = properties.get('SEQUENCECONTEXT') ?? '';
  const text = properties.get('SEQUENCENUMBER') ?? '';
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  const isCounted = context !== '' && context.length < MAX_VALUE && Number.isSafeInteger(number);
  return { method, parameters, hasIndication, ...(isCounted ? { sequence: { context, number } } : {}) };
}

function required(element: string, attributes: Readonly<Record<string, string>>, name: string): string {
  const value = attributes[name];
  if (value === undefined || value === '') throw invalid(`<${element}> has no ${name}.`);
  return value;
}

function invalid(detail: string): ExportMessageError {
  return new ExportMessageError('request-not-loosely-valid', detail);
}
