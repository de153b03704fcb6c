/** Reads XML text into a tree. Document type declarations are refused, size, depth and number of nodes are bounded. */
import { SaxesParser } from 'saxes';
import type { XmlFault } from './fault.ts';
import { xmlFault } from './fault.ts';
import type { XmlAttribute, XmlElement, XmlPlace } from './tree.ts';

export interface XmlLimits {
  /** UTF-16 code units of the whole text. */
  readonly maxLength: number;
  readonly maxDepth: number;
  /** Elements and attributes together. */
  readonly maxNodes: number;
}

export const defaultXmlLimits: XmlLimits = { maxLength: 16 * 1024 * 1024, maxDepth: 64, maxNodes: 1_000_000 };

export type XmlTree = { readonly root: XmlElement } | { readonly fault: XmlFault };

/**
 * One tree or the first fault: `CADF_XML_MALFORMED`, `CADF_XML_DTD`, `CADF_XML_TOO_LARGE`, `CADF_XML_TOO_DEEP`.
 * Never throws for what the text contains.
 */
export function readXmlTree(text: string, limits: XmlLimits = defaultXmlLimits): XmlTree {
  if (text.length > limits.maxLength) return { fault: xmlFault('CADF_XML_TOO_LARGE', firstPlace, '') };
  const builder = createBuilder(text, limits);
  try {
    builder.parser.write(text).close();
  } catch (error) {
    if (error instanceof XmlRefusal) return { fault: error.fault };
    throw error;
  }
  const root = builder.root();
  return root === undefined ? { fault: xmlFault('CADF_XML_MALFORMED', firstPlace, '') } : { root };
}

const firstPlace: XmlPlace = { line: 1, column: 1 };

/** Stops the parser from inside its handlers. */
class XmlRefusal extends Error {
  readonly fault: XmlFault;

  constructor(fault: XmlFault) {
    super(fault.message);
    this.fault = fault;
  }
}

interface Builder {
  readonly parser: SaxesParser<{ xmlns: true; position: true }>;
  readonly root: () => XmlElement | undefined;
}

function createBuilder(text: string, limits: XmlLimits): Builder {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let nodes = 0;
  let start = firstPlace;
  const placeAt = createPlacer(text);
  const here = (): XmlPlace => ({ line: parser.line, column: parser.columnIndex + 1 });
  const count = (added: number): void => {
    nodes += added;
    if (nodes > limits.maxNodes) throw new XmlRefusal(xmlFault('CADF_XML_TOO_LARGE', here(), ''));
  };
  const addText = (part: string): void => {
    open.at(-1)?.children.push(part);
  };
  parser.on('error', (error) => {
    // saxes puts "line:column: " in front of its messages, and the place is told apart from the message here.
    throw new XmlRefusal(xmlFault('CADF_XML_MALFORMED', here(), '', error.message.replace(/^\d+:\d+: /, '')));
  });
  parser.on('doctype', () => {
    throw new XmlRefusal(xmlFault('CADF_XML_DTD', here(), ''));
  });
  parser.on('opentagstart', (tag) => {
    // The parser has read the name and what ends it; names hold no `<`.
    start = placeAt(text.lastIndexOf('<', parser.position - tag.name.length - 1));
    if (open.length >= limits.maxDepth) throw new XmlRefusal(xmlFault('CADF_XML_TOO_DEEP', start, ''));
    count(1);
  });
  parser.on('attribute', () => {
    count(1);
  });
  parser.on('opentag', (tag) => {
    const { name, prefix, local, uri } = tag;
    const attributes: XmlAttribute[] = [];
    for (const one of Object.values(tag.attributes)) {
      if (one.prefix === 'xmlns' || one.name === 'xmlns') continue;
      attributes.push({
        name: one.name,
        prefix: one.prefix,
        local: one.local,
        uri: one.uri,
        value: one.value,
      });
    }
    const element: XmlElement = { name, prefix, local, uri, attributes, children: [], ...start };
    const parent = open.at(-1);
    if (parent === undefined) root ??= element;
    else parent.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  return { parser, root: () => root };
}

/** Line and column of offsets that only grow: each line end is looked for once. */
function createPlacer(text: string): (offset: number) => XmlPlace {
  let line = 1;
  let lineStart = 0;
  let lineEnd = text.indexOf('\n');
  return (offset) => {
    while (lineEnd >= 0 && lineEnd < offset) {
      line++;
      lineStart = lineEnd + 1;
      lineEnd = text.indexOf('\n', lineStart);
    }
    return { line, column: offset - lineStart + 1 };
  };
}
