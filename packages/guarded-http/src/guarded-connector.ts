/** Connections of undici that go only where the rules allow, whatever the host of the URL looks like. */
import { buildConnector } from 'undici';
import { AddressRefused, refusalOfAddress, refusalOfHost } from './address-rules.ts';
import type { AddressRules } from './address-rules.ts';
import { createGuardedLookup } from './guarded-lookup.ts';
import type { ResolveName } from './resolve-name.ts';

export interface GuardedConnectorOptions {
  readonly rules: AddressRules;
  /** Milliseconds until a connection stands. */
  readonly timeoutMs: number;
  /** Certificates (PEM) that are trusted in the place of the system's. */
  readonly ca?: string;
  /** For tests; default: the resolver of the system. */
  readonly resolve?: ResolveName;
}

/** HTTP/1.1 only; certificates are verified whatever the environment says. */
export function createGuardedConnector(options: GuardedConnectorOptions): buildConnector.connector {
  const { rules } = options;
  const connect = buildConnector({
    allowH2: false,
    timeout: options.timeoutMs,
    lookup: createGuardedLookup(rules, options.resolve),
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    // The default of 250 ms is too short for a receiver on another continent that has several addresses.
    autoSelectFamilyAttemptTimeout: 1000,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  return (target, done) => {
    // Sockets look up names only: an address in the URL is checked here.
    const refusal = refusalOfHost(target.hostname, rules);
    if (refusal !== undefined) {
      done(new AddressRefused(refusal), null);
      return;
    }
    connect(target, (...answer) => {
      const [error, socket] = answer;
      if (error !== null) {
        done(error, null);
        return;
      }
      // Once more, before the first byte of a request: whom we are really connected to.
      const peer = socket.remoteAddress;
      const wrong = peer === undefined ? undefined : refusalOfAddress(peer, rules);
      if (peer !== undefined && wrong === undefined) {
        done(null, socket);
        return;
      }
      socket.destroy();
      // Without a peer it was closed as soon as it stood.
      done(wrong === undefined ? connectionReset() : new AddressRefused(wrong), null);
    });
  };
}

function connectionReset(): Error {
  return Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' });
}
