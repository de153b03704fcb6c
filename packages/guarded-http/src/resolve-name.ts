/**
 * Names into addresses without the threads of the process. `dns.lookup` keeps one of four threads, which files and
 * compression need too, for as long as a name server does not answer, and whoever owns a subscription may own the name
 * server. So name servers are asked by c-ares; only what they do not know (a name of `/etc/hosts`, a short name of a
 * cluster) is looked up as the system does it, and never by more than two threads.
 */
import { Resolver, lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';

/** All addresses of a name; `family` 4 or 6: of that family only. */
export type ResolveName = (
  name: string,
  options: { readonly family: 0 | 4 | 6 },
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

export interface NameResolverOptions {
  /** Name servers, `address:port`; default: those of the system, read anew each time. */
  readonly servers?: readonly string[];
  /** Milliseconds after which a name server has not answered; default 5,000. */
  readonly timeoutMs?: number;
  /** For what the name servers do not know; default: `dns.lookup`. */
  readonly bySystem?: ResolveName;
}

const TIMEOUT_MS = 5000;
/** c-ares asks again after so long. */
const ASK_AGAIN_MS = 1500;
const MAX_SYSTEM_LOOKUPS = 2;
const MAX_WAITING = 1000;
/** There is no such name; or there is no name server at all. */
const NOT_KNOWN: ReadonlySet<string> = new Set(['ENOTFOUND', 'ECONNREFUSED']);

export function createNameResolver(options: NameResolverOptions = {}): ResolveName {
  const { servers, timeoutMs = TIMEOUT_MS, bySystem = lookUpInTurn } = options;
  return (name, { family }, done) => {
    const resolver = new Resolver({ timeout: ASK_AGAIN_MS, tries: 3 });
    if (servers !== undefined) resolver.setServers(servers);
    const families = family === 0 ? ([4, 6] as const) : ([family] as const);
    const found: LookupAddress[] = [];
    const faults: NodeJS.ErrnoException[] = [];
    let open = families.length;
    const timer = setTimeout(() => resolver.cancel(), timeoutMs);
    const end = (of: 4 | 6, error: NodeJS.ErrnoException | null, addresses: readonly string[]): void => {
      if (error === null) found.push(...addresses.map((address) => ({ address, family: of })));
      else faults.push(error);
      open -= 1;
      if (open > 0) return;
      clearTimeout(timer);
      if (found.length > 0) done(null, found);
      else if (faults.some(({ code }) => NOT_KNOWN.has(code ?? ''))) bySystem(name, { family }, done);
      else done(faults[0] ?? null, []);
    };
    for (const each of families) {
      const heard = (error: NodeJS.ErrnoException | null, addresses?: readonly string[]): void =>
        end(each, error, addresses ?? []);
      if (each === 4) resolver.resolve4(name, heard);
      else resolver.resolve6(name, heard);
    }
  };
}

let running = 0;
const waiting: (() => void)[] = [];

/** As many at a time as may be; of the whole process, whose threads they are. */
function lookUpInTurn(...[name, { family }, done]: Parameters<ResolveName>): void {
  const start = (): void => {
    running += 1;
    lookup(name, { family, all: true }, (error, addresses) => {
      running -= 1;
      waiting.shift()?.();
      done(error, error === null ? addresses : []);
    });
  };
  if (running < MAX_SYSTEM_LOOKUPS) start();
  else if (waiting.length < MAX_WAITING) waiting.push(start);
  else done(Object.assign(new Error('too many names wait for the system'), { code: 'EAI_AGAIN' }), []);
}
