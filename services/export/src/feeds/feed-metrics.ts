/** What is measured of feeds. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Cut } from './cut-segments.ts';

export interface FeedMetrics {
  /** A feed got on by these segments. */
  cut(cut: Cut): void;
}

export interface FeedCensus {
  /** Feeds of this process by state. */
  readonly byState: ReadonlyMap<string, number>;
  /** The greatest time since the end of a feed's last period, less its cadence, seconds. */
  readonly lagSeconds: number;
  /** How far the clock is behind the end of a feed's last period at most, seconds; 0: it is not. */
  readonly clockBehindSeconds: number;
}

export function createFeedMetrics(registry: Registry, census: () => FeedCensus): FeedMetrics {
  const registers = [registry];
  const segments = new Counter({
    name: 'cadf_feed_segments_total',
    help: 'Segments of feeds that were signed, by whether they hold late events.',
    labelNames: ['late'],
    registers,
  });
  const events = new Counter({
    name: 'cadf_feed_events_total',
    help: 'Events of feeds: given, of those redacted, and withheld, by the code of why.',
    labelNames: ['what'],
    registers,
  });
  const bytes = new Counter({
    name: 'cadf_feed_bytes_total',
    help: 'Bytes of the files of segments of feeds.',
    registers,
  });
  new Gauge({
    name: 'cadf_feeds',
    help: 'Feeds that this process cuts, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const [state, count] of census().byState) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'cadf_feed_lag_seconds',
    help: 'How long a period of a feed has been over without its segments: the greatest of the feeds of this process.',
    registers,
    collect() {
      this.set(census().lagSeconds);
    },
  });
  new Gauge({
    name: 'cadf_feed_clock_behind_seconds',
    help: 'How far the clock is behind the end of the last period of a feed: the greatest of the feeds of this process; 0: it is not.',
    registers,
    collect() {
      this.set(census().clockBehindSeconds);
    },
  });
  return {
    cut({ inTime, late, redacted, withheld }) {
      segments.inc({ late: 'false' });
      if (late.count > 0) segments.inc({ late: 'true' });
      events.inc({ what: 'given' }, inTime.count + late.count);
      events.inc({ what: 'redacted' }, redacted);
      for (const [code, count] of withheld) events.inc({ what: code }, count);
      bytes.inc(inTime.bytes + late.bytes);
    },
  };
}
