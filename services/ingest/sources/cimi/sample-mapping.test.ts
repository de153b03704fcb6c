/** Meters, samples and summaries of logs, a case a row: DSP0263 2.0.0 clauses 5.17.2 on. */
import { expect, test } from 'vitest';
import { eventOf, outcomesOf } from './cimi-event.test-support.ts';

const METER = {
  resourceURI: 'http://schemas.dmtf.org/cimi/1/Meter',
  id: 'meters/c1',
  targetResource: { href: 'machines/m1' },
  aspect: 'http://schemas.dmtf.org/cimi/1/aspect/cpu',
  units: 'percent',
  timeScope: 'Point',
};
const AT = '2026-11-20T10:00:00Z';

test.each([
  ['a number', '12.5', 12.5, 'success'],
  ['a whole number', '4096', 4096, 'success'],
  ['below zero', '-3', -3, 'success'],
  ['a number that text would change', '007', '007', 'success'],
  ['more than a number holds', '12345678901234567890', '12345678901234567890', 'success'],
  ['a word', 'high', 'high', 'success'],
  ['nothing', '', undefined, 'unknown'],
])('a value that is %s', (_, value, result, outcome) => {
  const event = eventOf({ ...METER, samples: [{ timestamp: AT, value }] });
  expect(event).toMatchObject({ eventType: 'monitor', action: 'monitor', outcome });
  if (result !== undefined) expect(event.measurements?.[0]?.result).toBe(result);
});

test.each(['cpu', 'memory', 'disk', 'bandwidth', 'inputBandwidth', 'outputBandwidth'])(
  'the aspect %s names the metric in both versions',
  (aspect) => {
    for (const root of ['http://schemas.dmtf.org/cimi/1/aspect/', 'http://schemas.dmtf.org/cimi/2/aspect/']) {
      const event = eventOf({
        ...METER,
        aspect: `${root}${aspect}`,
        samples: [{ timestamp: AT, value: '1' }],
      });
      expect(event).toMatchObject({
        eventTime: '2026-11-20T10:00:00.000+00:00',
        target: { id: 'host-1/machines/m1', typeURI: 'compute/machine' },
        measurements: [{ metric: { metricId: `${root}${aspect}`, name: aspect, unit: 'percent' } }],
      });
    }
  },
);

test('an aspect of a vendor names the metric', () => {
  const aspect = 'http://schemas.example.org/cloud/1/aspect/compute';
  const event = eventOf({ ...METER, aspect, samples: [{ timestamp: AT, value: '1' }] });
  expect(event.measurements?.[0]).toMatchObject({ metric: { metricId: aspect, name: 'compute' } });
});

test('a sample of an interval is told for its end', () => {
  const meter = { ...METER, timeScope: 'Interval', intervalDuration: 'PT1H' };
  const event = eventOf({ ...meter, samples: [{ timestamp: AT, value: '3' }] });
  expect(event).toMatchObject({ eventTime: '2026-11-20T10:00:00.000+00:00', outcome: 'success' });
  expect(event.attachments?.find(({ name }) => name === 'interval')?.content).toBe(
    '{"start":"2026-11-20T09:00:00.000Z","end":"2026-11-20T10:00:00.000Z","duration":"PT1H"}',
  );
  const point = eventOf({ ...meter, timeScope: 'Point', samples: [{ timestamp: AT, value: '3' }] });
  expect(point.attachments?.map(({ name }) => name)).toEqual(['record']);
});

test('a sample read twice is one event, and those of two times or meters are two', () => {
  const id = (meter: string, timestamp: string): string =>
    eventOf({ ...METER, id: meter, samples: [{ timestamp, value: '1' }] }).id;
  expect(id('meters/c1', AT)).toBe(id('meters/c1', AT));
  expect(id('meters/c1', AT)).not.toBe(id('meters/c2', AT));
  expect(id('meters/c1', AT)).not.toBe(id('meters/c1', '2026-11-20T10:01:00Z'));
});

test.each([
  [
    'attributes of an inner element, as the schema of 1.x has it',
    `<Sample><sample timestamp="${AT}" value="7"/></Sample>`,
  ],
  ['attributes of its own', `<Sample timestamp="${AT}" value="7"/>`],
  ['elements', `<Sample><timestamp>${AT}</timestamp><value>7</value></Sample>`],
  ['elements with blanks', `<Sample>\n <timestamp>\n${AT}\n</timestamp>\n<value> 7 </value>\n</Sample>`],
  ['a wrapped list', `<samples><Sample><timestamp>${AT}</timestamp><value>7</value></Sample></samples>`],
])('XML with %s', (_, sample) => {
  for (const version of [1, 2]) {
    const root = `http://schemas.dmtf.org/cimi/${version}`;
    const text = `<Collection xmlns="${root}" resourceURI="${root}/SampleCollection"><id>meters/c1/samples</id><count>1</count>${sample}</Collection>`;
    expect(eventOf(text)).toMatchObject({
      rule: 'sample',
      eventTime: '2026-11-20T10:00:00.000+00:00',
      measurements: [{ result: 7 }],
    });
  }
});

test.each([
  [
    'JSON',
    JSON.stringify({
      resourceURI: 'http://schemas.dmtf.org/cimi/2/EventLog',
      id: 'eventLogs/l1',
      updated: AT,
      summary: { low: 3, medium: 0, high: 1, critical: 2 },
    }),
  ],
  [
    'XML 1.x',
    `<EventLog xmlns="http://schemas.dmtf.org/cimi/1"><id>eventLogs/l1</id><updated>${AT}</updated><summary><low>3</low><medium>0</medium><high>1</high><critical>2</critical></summary></EventLog>`,
  ],
  [
    'XML 2.0',
    `<EventLog xmlns="http://schemas.dmtf.org/cimi/2"><id>eventLogs/l1</id><updated>${AT}</updated><summary low="3" medium="0" high="1" critical="2"/></EventLog>`,
  ],
])('the summary of a log in %s is counts by severity, and told only where asked for', (_, text) => {
  expect(outcomesOf(text)).toMatchObject([{ kind: 'ignored', rule: 'event-log-summary' }]);
  const event = eventOf(text, { options: { keep: 'event-log-summary' } });
  const counts = event.measurements?.map(({ result, metric }) => [metric?.name?.split('/').at(-1), result]);
  expect(JSON.stringify(counts)).toMatch(/low",3.*medium",0.*high",1.*critical",2/);
});

test('a meter sent with a sample is told as the sample: the record is in its outcome', () => {
  const outcomes = outcomesOf({ ...METER, samples: [{ timestamp: AT, value: '1' }] });
  expect(outcomes.map(({ kind, records }) => [kind, records.length])).toEqual([
    ['event', 1],
    ['ignored', 0],
  ]);
});
