/** Who sends an indication, and the source it may send for. */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { resolveSource, SYSTEM_SOURCE } from '@cadf-pipeline/control-state';
import type { ControlState, SourceDefinition } from '@cadf-pipeline/control-state';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal, Verdict } from '@cadf-pipeline/service-kit';
import { CIM_ERR } from './export-answer.ts';
import type { CimError } from './export-answer.ts';
import type { WbemRefusal } from './wbem-refusal.ts';

export interface Sender {
  /** Id of the key, `certificate <name>`, or `wbem`: kept with each record. */
  readonly submitter: string;
  /** Of a key; undefined: any source of indications that lets it. */
  readonly principal?: Principal;
  /** Common name of a certificate. */
  readonly certificate?: string;
  /** Name of the machine by its certificate. */
  readonly host?: string;
}

export interface SendersDependencies {
  readonly state: ControlState;
  readonly verify: (token: string) => Verdict;
  /** `basic`, `certificate`, `none`. */
  readonly ways: ReadonlySet<string>;
  /** Source of the path `/`. */
  readonly defaultSource?: string;
  /** Told why a credential counts for nothing. */
  readonly onRefused: (reason: string) => void;
}

export interface Senders {
  identify(request: IncomingMessage): Sender | WbemRefusal;
  /** The source that a path names, where the sender may use it and it takes indications. */
  sourceOf(sender: Sender, target: string): { readonly source: string } | CimError;
}

const SOURCE_TYPES = new Set(['cim-indications', 'auto']);
const MAX_AUTHORIZATION = 8192;
const MAX_NAME = 128;
const BASIC = 'Basic realm="cadf-pipeline", charset="UTF-8"';

export function createSenders(dependencies: SendersDependencies): Senders {
  const { state, verify, ways, defaultSource, onRefused } = dependencies;

  function identify(request: IncomingMessage): Sender | WbemRefusal {
    if (ways.has('none')) return { submitter: 'wbem' };
    const token = ways.has('basic') ? tokenOf(request.headers.authorization) : undefined;
    if (token === undefined && ways.has('certificate')) {
      const sender = bySocket(request);
      if (sender !== undefined) return sender;
    }
    if (!ways.has('basic')) {
      onRefused('certificate');
      return { status: 403, detail: 'Send with a certificate of the authority that this listener trusts.' };
    }
    const verdict = token === undefined ? { reason: 'missing' } : verify(token);
    if (!('principal' in verdict)) {
      onRefused(verdict.reason);
      return {
        status: 401,
        detail: 'Send HTTP Basic credentials whose password is an API key with the role submit.',
        headers: { 'WWW-Authenticate': BASIC },
      };
    }
    const { principal } = verdict;
    if (principal.roles.has('submit')) return { submitter: principal.id, principal };
    onRefused('role');
    return { status: 403, detail: `Key ${principal.id} lacks the role submit.` };
  }

  function sourceOf(
    { principal, certificate }: Sender,
    target: string,
  ): { readonly source: string } | CimError {
    const named = sourceName(target);
    if (named === undefined) return failed('The path of the destination names no source: use /<source id>.');
    const source = named === '' ? (defaultSource ?? principal?.source) : named;
    if (source === undefined)
      return failed('The path / has no source: send to /<source id>, or set CADF_WBEM_SOURCE.');
    let definition: SourceDefinition | undefined;
    try {
      definition = lookUp(source, principal);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return { code: CIM_ERR.ACCESS_DENIED, description: error.message };
    }
    const shown = JSON.stringify(source.slice(0, MAX_NAME));
    if (definition === undefined) return failed(`The source ${shown} is not registered.`);
    if (!SOURCE_TYPES.has(definition.type))
      return failed(`The source ${shown} is of type ${definition.type}, not cim-indications.`);
    if (certificate !== undefined && !mayUse(certificate, definition))
      return {
        code: CIM_ERR.ACCESS_DENIED,
        description: `The source ${shown} does not list the certificate ${JSON.stringify(certificate)}.`,
      };
    return { source };
  }

  function lookUp(source: string, principal: Principal | undefined): SourceDefinition | undefined {
    if (principal !== undefined) return resolveSource(state, principal, source).definition;
    return source === SYSTEM_SOURCE ? undefined : state.get('source', source)?.entity;
  }

  return { identify, sourceOf };
}

/** A source whose setting `certificates` lists names (commas between) takes indications of those certificates only. */
function mayUse(certificate: string, { settings }: SourceDefinition): boolean {
  const listed = settings?.['certificates'];
  if (listed === undefined) return true;
  return typeof listed === 'string' && listed.split(',').some((name) => name.trim() === certificate);
}

/** '' for `/`; undefined for a path that names none. One segment before the name is passed over. */
function sourceName(target: string): string | undefined {
  let segments: readonly string[];
  try {
    segments = decodeURIComponent(new URL(target, 'http://listener').pathname).split('/').filter(Boolean);
  } catch {
    return undefined;
  }
  return segments.length > 2 ? undefined : (segments.at(-1) ?? '');
}

/** The password of Basic (RFC 7617), or the token of Bearer; '' where there is a credential of neither form. */
function tokenOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  if (authorization.length > MAX_AUTHORIZATION) return '';
  const [scheme = '', credential = ''] = authorization.trim().split(/ +/, 2);
  if (scheme.toLowerCase() === 'bearer') return credential;
  if (scheme.toLowerCase() !== 'basic') return '';
  const pair = Buffer.from(credential, 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

function bySocket({ socket }: IncomingMessage): Sender | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject, subjectaltname, fingerprint256 } = socket.getPeerCertificate();
  const [first] = [subject?.CN ?? fingerprint256].flat();
  const name = (first ?? 'unnamed').slice(0, MAX_NAME);
  const host = /(?:^|, )DNS:([A-Za-z0-9._-]{1,253})/.exec((subjectaltname ?? '').slice(0, 4096))?.[1];
  return {
    submitter: `certificate ${name}`,
    certificate: name,
    ...(host === undefined ? {} : { host }),
  };
}

function failed(description: string): CimError {
  return { code: CIM_ERR.FAILED, description };
}
