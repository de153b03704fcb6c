/** Writes XML text: escaping, and elements of a tree with the namespace declarations they need. */
import type { XmlElement } from './tree.ts';

/** Characters XML 1.0 can hold (section 2.2): no controls but tab, line feed and return, no lone surrogates. */
export function isXmlText(text: string): boolean {
  let sure = true;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return false;
    if (code >= 0xd800) sure &&= code >= 0xe000 && code < 0xfffe;
  }
  if (sure) return true;
  return text.isWellFormed() && !text.includes('\ufffe') && !text.includes('\uffff');
}

export function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replaceAll(/[&<>\r]/g, entityOf) : text;
}

/** Blanks other than the space are written as references, because parsers turn them into spaces. */
export function escapeAttribute(text: string): string {
  return /[&<>"\t\n\r]/.test(text) ? text.replaceAll(/[&<>"\t\n\r]/g, entityOf) : text;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function entityOf(character: string): string {
  return entities[character] ?? character;
}

/** The element as XML text of its own: every prefix it uses is declared on it or inside it. */
export function serializeElement(element: XmlElement): string {
  return serialize(element, new Map([['', '']]));
}

function serialize(element: XmlElement, outer: ReadonlyMap<string, string>): string {
  // Copied when the element declares something; most do not.
  let scope = outer;
  let head = `<${element.name}`;
  const declare = (prefix: string, uri: string): void => {
    if (prefix === 'xml' || scope.get(prefix) === uri) return;
    scope = new Map(scope).set(prefix, uri);
    head += prefix === '' ? ` xmlns="${escapeAttribute(uri)}"` : ` xmlns:${prefix}="${escapeAttribute(uri)}"`;
  };
  declare(element.prefix, element.uri);
  for (const one of element.attributes) if (one.prefix !== '') declare(one.prefix, one.uri);
  for (const one of element.attributes) head += ` ${one.name}="${escapeAttribute(one.value)}"`;
  if (element.children.length === 0) return `${head}/>`;
  let body = '';
  for (const child of element.children) {
    body += typeof child === 'string' ? escapeText(child) : serialize(child, scope);
  }
  return `${head}>${body}</${element.name}>`;
}
