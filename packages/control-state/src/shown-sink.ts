/** Where a subscription carries events to, as others than its owner are told: nothing by which one could pose as it. */
import { hash } from 'node:crypto';
import type { Subscription } from './entities.ts';

/** The sink without what is sealed. Of a URL the origin, as the rest is the receiver's secret often enough. */
export function shownSink(sink: Subscription['sink']): object {
  switch (sink.type) {
    case 'webhook': {
      const { secrets, url, ...rest } = sink;
      return {
        ...rest,
        url: new URL(url).origin,
        // Tells whether the rest of it was changed.
        urlDigest: hash('sha256', url, 'hex'),
        secrets: secrets.map(({ sealed: _sealed, ...secret }) => secret),
      };
    }
    case 'kafka': {
      const { credentials: _credentials, ...rest } = sink;
      return rest;
    }
    case 'syslog':
      return sink;
  }
}
