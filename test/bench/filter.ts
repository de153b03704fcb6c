/**
 * How many parsed events does a compiled filter look at, per second and core?
 *
 * 2,000 different OpenStack events, parsed beforehand, asked one after the other for a second per filter, after a second
 * of warming up; the median of three. Compiling the filter is left out, `JSON.parse` of the event too.
 */
import { compilePredicate, parseFilter } from '@cadf-pipeline/event-filter';
import { createEventGenerator } from './openstack-events.ts';

const EVENTS = 2000;
const ROUND_MS = 1000;
const ROUNDS = 4;

const FILTERS = [
  "outcome = 'failure'",
  "initiator/name in ('root', 'admin')",
  "action within 'update'",
  "initiator/host/address in cidr('10.0.0.0/8')",
  'eventTime >= 2026-11-01',
  "outcome = 'failure' and action within 'authenticate' and not target/name ^= 'test-'",
  "text ~ 'needle'",
];

export function benchFilter(): void {
  const generator = createEventGenerator(1);
  const events = Array.from({ length: EVENTS }, (): unknown => JSON.parse(generator.next()));
  console.log('\n## Filters in memory\n\n| filter | events/s per core |\n|---|---|');
  for (const text of FILTERS) {
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(parsed.fault.message);
    const passes = compilePredicate(parsed.filter);
    const rates = Array.from({ length: ROUNDS }, () => ratePerSecond(events, passes)).slice(1);
    const median = rates.toSorted((a, b) => a - b)[1] ?? 0;
    console.log(`| \`${text}\` | ${Math.round(median).toLocaleString('en')} |`);
  }
}

function ratePerSecond(events: readonly unknown[], passes: (event: unknown) => boolean): number {
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  let asked = 0;
  let passed = 0;
  while (performance.now() - startedMs < ROUND_MS) {
    for (const event of events) if (passes(event)) passed += 1;
    asked += events.length;
  }
  if (passed > asked) throw new Error('more passed than were asked');
  const { user, system } = process.cpuUsage(cpu);
  return asked / ((user + system) / 1e6);
}
