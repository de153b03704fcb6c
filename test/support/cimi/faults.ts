/** What a provider that is down, slow, wrong or hostile answers. */
import type { ServerResponse } from 'node:http';

export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string; readonly body?: string }
  /** Answers as always, so much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'silent' }
  /** Headers, then a byte now and then without end. */
  | { readonly kind: 'dripping' }
  /** The connection ends within the body. */
  | { readonly kind: 'cut' }
  /** A body of so many bytes. */
  | { readonly kind: 'huge'; readonly bytes: number }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Any text as the document: entities of XML, a sign-in page, damaged JSON. */
  | { readonly kind: 'body'; readonly body: string; readonly contentType: string };

/** A document type with entities that grow a thousandfold, and one that names a file of the reader's machine. */
export const XML_ENTITIES: Fault = {
  kind: 'body',
  contentType: 'application/xml',
  body:
    '<?xml version="1.0"?><!DOCTYPE Collection [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">' +
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY file SYSTEM "file:///etc/hostname">]>' +
    '<Collection xmlns="http://schemas.dmtf.org/cimi/1"><id>&c;&file;</id></Collection>',
};

/** What stands before a cloud when nobody is signed in. */
export const SIGN_IN_PAGE: Fault = {
  kind: 'body',
  contentType: 'text/html',
  body: '<!DOCTYPE html><html><body><form>Please sign in<br></form></body></html>',
};

export function answerWithFault(response: ServerResponse, fault: Exclude<Fault, { kind: 'slow' }>): void {
  if (fault.kind === 'silent') return;
  if (fault.kind === 'status') {
    if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
    response.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.body ?? '');
  } else if (fault.kind === 'redirect') {
    response.writeHead(302, { location: fault.location }).end();
  } else if (fault.kind === 'body') {
    response.writeHead(200, { 'content-type': fault.contentType }).end(fault.body);
  } else if (fault.kind === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"count":1,');
    setImmediate(() => response.destroy());
  } else if (fault.kind === 'huge') {
    response.writeHead(200, { 'content-type': 'application/json' });
    writeHuge(response, fault.bytes);
  } else {
    response.writeHead(200, { 'content-type': 'application/json' });
    const drip = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(drip));
  }
}

function writeHuge(response: ServerResponse, bytes: number): void {
  const chunk = Buffer.alloc(65_536, 0x20);
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}
