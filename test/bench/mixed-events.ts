/**
 * Events of many clouds as they stand in a store after months: OpenStack (70 of 100), CIMI (15) and hypervisors (15),
 * the latter two as their normalizers make them (the goldens of the sources, with identifiers, times, names and
 * addresses of their own), of 200 tenants of which some have much more than others, over 90 days. Deterministic for a
 * seed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { seededRandom } from '../support/seeded-random.ts';
import { createEventGenerator } from './openstack-events.ts';

export interface MixedEvent {
  readonly text: string;
  readonly timeMs: number;
  readonly tenant: string;
  readonly source: string;
  readonly sourceType: string;
}

export interface MixedEventsOptions {
  readonly seed: number;
  readonly events: number;
  /** Milliseconds since 1970 UTC. */
  readonly startMs: number;
  readonly days: number;
  readonly tenants: number;
}

interface Template {
  readonly sourceType: string;
  /** The text around identifier, time and target. */
  readonly pieces: readonly string[];
}

const SOURCES = resolve(import.meta.dirname, '../../services/ingest/sources');
const HYPERVISORS = ['libvirt-audit', 'proxmox-ve', 'vmware-vcenter', 'hyper-v', 'xapi-audit'];
const DAY_MS = 86_400_000;

/** In order of time. */
export function* mixedEvents(options: MixedEventsOptions): Generator<MixedEvent> {
  const random = seededRandom(options.seed);
  const openstack = createEventGenerator(options.seed, options.startMs);
  const cimi = templatesOf('cimi');
  const hypervisors = HYPERVISORS.flatMap(templatesOf);
  const stepMs = (options.days * DAY_MS) / options.events;
  const names = Array.from({ length: 2000 }, (_, index) => `vm-${index}`);
  for (let index = 0; index < options.events; index++) {
    const timeMs = Math.floor(options.startMs + (index + random()) * stepMs);
    // Squared: the first tenants have most.
    const tenant = `tenant-${Math.floor(random() ** 2 * options.tenants)}`;
    const kind = random();
    if (kind < 0.7) {
      const text = openstack.next(timeMs);
      yield { text, timeMs, tenant, source: `openstack-${index % 4}`, sourceType: 'cadf' };
      continue;
    }
    const list = kind < 0.85 ? cimi : hypervisors;
    const { pieces, sourceType } = list[Math.floor(random() * list.length)] ?? { pieces: [], sourceType: '' };
    const values = [
      openstack.uuid(),
      new Date(timeMs).toISOString(),
      openstack.uuid(),
      names[Math.floor(random() * names.length)] ?? '',
    ];
    yield { text: fillIn(pieces, values), timeMs, tenant, source: `${sourceType}-${index % 4}`, sourceType };
  }
}

/** Places of values in a template's text: U+0001 and a digit. */
function fillIn(pieces: readonly string[], values: readonly string[]): string {
  let text = pieces[0] ?? '';
  for (let index = 1; index < pieces.length; index++) {
    const piece = pieces[index] ?? '';
    text += (values[Number(piece[0])] ?? '') + piece.slice(1);
  }
  return text;
}

function templatesOf(sourceType: string): readonly Template[] {
  const folder = join(SOURCES, sourceType, 'fixtures');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.expected.json') && !name.startsWith('malformed'))
    .flatMap(
      (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as readonly { event?: GoldenEvent }[],
    )
    .flatMap(({ event }) => (event === undefined ? [] : [templateOf(sourceType, event)]));
}

interface GoldenEvent {
  readonly id: string;
  readonly eventTime: string;
  readonly target: { readonly id: string; readonly name?: string };
}

function templateOf(sourceType: string, event: GoldenEvent): Template {
  const target = {
    ...event.target,
    id: '\u00012',
    ...(event.target.name === undefined ? {} : { name: '\u00013' }),
  };
  const text = JSON.stringify({ ...event, id: '\u00010', eventTime: '\u00011', target }).replaceAll(
    '\\u0001',
    '\u0001',
  );
  return { sourceType, pieces: text.split('\u0001') };
}
