/** The audit events of feeds that are no changes of the control state: that one stopped, and who took its segments. */
import { randomUUID } from 'node:crypto';
import { JSON_TYPE, namedTenants } from '@cadf-pipeline/control-state';
import type { Audit, Feed } from '@cadf-pipeline/control-state';
import { idOf } from '../exports/export-events.ts';
import type { FeedRecord, Trouble } from './feed-record.ts';

export interface FeedEvents {
  /** The same event however often it is told. Throws where it cannot be written. */
  stopped(feed: Feed, record: FeedRecord, failure: Trouble): Promise<void>;
  /** A segment is about to be given to somebody; told once of each segment and reader in an hour. */
  given(feed: Feed, sequence: number, by: FeedReader): Promise<void>;
}

export interface FeedReader {
  /** Of a key, or of a token of the feed. */
  readonly id: string;
  readonly name: string;
  readonly remoteAddress: string;
  readonly byToken: boolean;
}

const TOLD_MS = 3_600_000;
const MAX_TOLD = 10_000;

export function createFeedEvents(audit: Audit, now: () => number): FeedEvents {
  /** When it was told. */
  const told = new Map<string, number>();

  return {
    async stopped(feed, { positions, sequence }, failure) {
      const { code, detail } = failure;
      const id = idOf(feed.chain, 'stopped', code, detail, String(feed.resumed), JSON.stringify(positions));
      await audit(
        {
          ...eventOf(feed, id, new Date(failure.atMs)),
          action: 'stop',
          outcome: 'failure',
          initiator: { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline export' },
          reason: { reasonType: '/docs/errors', reasonCode: code },
          attachments: [{ name: 'feed', contentType: JSON_TYPE, content: { sequence, detail } }],
        },
        namedTenants(feed),
      );
    },
    async given(feed, sequence, { byToken, id, name, remoteAddress }) {
      const key = `${feed.chain} ${sequence} ${byToken} ${id}`;
      if (now() - (told.get(key) ?? Number.NEGATIVE_INFINITY) < TOLD_MS) return;
      await audit(
        {
          ...eventOf(feed, randomUUID(), new Date(now())),
          action: 'read',
          outcome: 'success',
          initiator: { id, typeURI: 'data/security/account', name, host: { address: remoteAddress } },
          attachments: [{ name: 'segment', contentType: JSON_TYPE, content: { sequence, byToken } }],
        },
        // Not of its tenants: both sides are to count the same of them.
        [],
      );
      told.delete(key);
      told.set(key, now());
      const oldest = told.keys().next();
      if (told.size > MAX_TOLD && oldest.done !== true) told.delete(oldest.value);
    },
  };
}

function eventOf({ id, name }: Feed, eventId: string, time: Date) {
  return {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id: eventId,
    eventType: 'activity',
    // CADF wants an offset; `Z` is not one.
    eventTime: time.toISOString().replace('Z', '+00:00'),
    target: { id, typeURI: 'data/message/stream/feed', ...(name === undefined ? {} : { name }) },
    observer: { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline export' },
  };
}
