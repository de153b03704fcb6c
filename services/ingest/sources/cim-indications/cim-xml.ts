/**
 * Reads CIM-XML (DSP0201, DSP0203): the indications of an export message, or bare instances. Document types, and with
 * them all entities but XML's own five, are refused; depth, elements and nesting of embedded instances are bounded.
 */
import { SaxesParser } from 'saxes';
import { createInstanceReader } from './instance-reader.ts';
import type { CimInstance } from './cim-instance.ts';

const MAX_DEPTH = 48;
const MAX_NODES = 50_000;
/** Indications in one message. */
const MAX_EXPORTS = 1000;
const DECLARATION = /^\uFEFF?\s{0,64}<\?xml [^>]{0,200}\?>/;

export interface CimMessage {
  readonly id?: string;
  readonly dtdVersion?: string;
  /** What came: `export` an indication (or none of its own kind), `response` a listener's answer, `other` operations. */
  readonly kind: 'export' | 'response' | 'other';
  readonly parts: readonly CimPart[];
}

/** One EXPMETHODCALL or EXPMETHODRESPONSE, or one bare instance. */
export interface CimPart {
  /** Name of the method; `ExportIndication` for bare instances. */
  readonly method: string;
  readonly indication?: CimInstance;
  /** A listener's refusal. */
  readonly error?: { readonly code: string; readonly description: string };
  /** Its own text. */
  readonly text: string;
}

/** The text is no CIM-XML that can be read; `message` says what is wrong and how to mend it. */
export class CimXmlRefusal extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

type Draft = { -readonly [Key in keyof CimPart]: CimPart[Key] } & { start: number; depth: number };

/** Throws CimXmlRefusal: `CIM_XML_DOCTYPE`, `CIM_XML_BROKEN`, `CIM_XML_TOO_LARGE`, `CIM_NOT_AN_INDICATION`. */
export function readCimXml(text: string): CimMessage {
  const budget = { nodes: MAX_NODES };
  const parser = createParser();
  const instances = createInstanceReader((embedded) => readEmbedded(embedded, budget, 1));
  const message: { id?: string; dtdVersion?: string } = {};
  const parts: CimPart[] = [];
  let kind: CimMessage['kind'] = 'other';
  let root: string | undefined;
  let depth = 0;
  let draft: Draft | undefined;

  function begin(method: string): void {
    if (parts.length >= MAX_EXPORTS)
      throw new CimXmlRefusal(
        'CIM_XML_TOO_LARGE',
        `The message has over ${MAX_EXPORTS} indications. Send fewer in one message.`,
      );
    draft = { method, text: '', start: text.lastIndexOf('<', parser.position - 1), depth };
  }

  parser.on('opentag', ({ name, attributes }) => {
    countNode(budget, depth);
    depth++;
    root ??= name;
    if (name === 'CIM') setIf(message, 'dtdVersion', attributes['DTDVERSION']);
    else if (name === 'MESSAGE') setIf(message, 'id', attributes['ID']);
    else if (name === 'EXPMETHODCALL' || name === 'EXPMETHODRESPONSE') {
      kind = name === 'EXPMETHODCALL' ? 'export' : 'response';
      begin(attributes['NAME'] ?? '');
    } else if (name === 'ERROR' && draft !== undefined) {
      draft.error = { code: attributes['CODE'] ?? '', description: attributes['DESCRIPTION'] ?? '' };
    } else if (name === 'INSTANCE' && draft === undefined && root === 'INSTANCE') {
      kind = 'export';
      begin('ExportIndication');
    }
    if (draft !== undefined) instances.open(name, attributes);
  });
  parser.on('text', instances.text);
  parser.on('cdata', instances.text);
  parser.on('closetag', ({ name }) => {
    depth--;
    if (draft === undefined) return;
    const instance = instances.close(name);
    if (instance !== undefined) draft.indication ??= instance;
    if (depth >= draft.depth) return;
    const { start, depth: _, ...part } = draft;
    parts.push({ ...part, text: text.slice(start, parser.position) });
    draft = undefined;
  });
  const declaration = DECLARATION.exec(text)?.[0] ?? '';
  // Places in the text stay what they are.
  parser.write(' '.repeat(declaration.length) + text.slice(declaration.length)).close();
  if (root !== 'CIM' && root !== 'INSTANCE')
    throw new CimXmlRefusal(
      'CIM_NOT_AN_INDICATION',
      `The root is <${(root ?? '').slice(0, 60)}>. Send a <CIM> message, or an <INSTANCE>.`,
    );
  return { ...message, kind, parts };
}

const MAX_EMBEDDING = 4;

/** An instance in the value of a property; undefined where the value is a plain text. */
function readEmbedded(text: string, budget: { nodes: number }, level: number): CimInstance | undefined {
  if (level > MAX_EMBEDDING || !/^\s{0,64}<(?:!DOCTYPE|\?xml|INSTANCE|CLASS)\s/.test(text.slice(0, 100)))
    return undefined;
  const parser = createParser();
  const instances = createInstanceReader((inner) => readEmbedded(inner, budget, level + 1));
  let depth = 0;
  let found: CimInstance | undefined;
  parser.on('opentag', ({ name, attributes }) => {
    countNode(budget, depth);
    depth++;
    instances.open(name, attributes);
  });
  parser.on('text', instances.text);
  parser.on('cdata', instances.text);
  parser.on('closetag', ({ name }) => {
    depth--;
    found ??= instances.close(name);
  });
  parser.write(text.replace(DECLARATION, '')).close();
  return found;
}

function createParser(): SaxesParser {
  const parser = new SaxesParser({ xmlns: false, position: true, fragment: true });
  parser.on('doctype', refuseDoctype);
  parser.on('error', (error) => {
    if (error.message.includes('doctype')) refuseDoctype();
    throw new CimXmlRefusal(
      'CIM_XML_BROKEN',
      `The XML cannot be read: ${error.message.slice(0, 300)} (line:column). Send the message again, whole.`,
    );
  });
  return parser;
}

function refuseDoctype(): never {
  throw new CimXmlRefusal(
    'CIM_XML_DOCTYPE',
    'The XML declares a document type, which can define entities. Send the message without <!DOCTYPE …>.',
  );
}

function countNode(budget: { nodes: number }, depth: number): void {
  budget.nodes--;
  if (depth < MAX_DEPTH && budget.nodes >= 0) return;
  throw new CimXmlRefusal(
    'CIM_XML_TOO_LARGE',
    `The XML nests deeper than ${MAX_DEPTH} elements, or has over ${MAX_NODES}. Send fewer indications in one message.`,
  );
}

function setIf(
  message: { id?: string; dtdVersion?: string },
  name: 'id' | 'dtdVersion',
  value: string | undefined,
): void {
  if (value !== undefined && value !== '') message[name] = value;
}
