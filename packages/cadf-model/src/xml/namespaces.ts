/** Which elements are CADF's: the namespace of the event schema, its relatives, and none at all in the draft era. */
import { cadfBaseUri } from '../entities/uris.ts';
import type { XmlElement } from './tree.ts';

/** The event namespace, those of log and report by the same pattern, and `https` spellings. */
export function isCadfNamespace(uri: string): boolean {
  return uri.replace(/^https:/, 'http:').startsWith(cadfBaseUri.slice(0, -1));
}

export type RootName = 'event' | 'log' | 'report';

/** Which entity a root element is; in no namespace only names that drafts used, as the document's own root. */
export function rootName(element: XmlElement, isDocumentRoot: boolean): RootName | undefined {
  const draft = element.uri === '' && isDocumentRoot;
  if (!draft && !isCadfNamespace(element.uri)) return undefined;
  const name = element.local.toLowerCase();
  if (element.local !== name && !draft) return undefined;
  return name === 'event' || name === 'log' || name === 'report' ? name : undefined;
}
