/** What of `/cimi` each reader of the access matrix gets: the rows of its routes. */
import { EVENT_ID, TENANT } from './access.ts';
import type { Answer } from './access.ts';
import { ONLY_A, ONLY_B } from './access-events.ts';
import { labelOf, READERS } from './access-readers.ts';
import type { Reader, ReadRow, Shown } from './access-readers.ts';

/** Of logs by what they are of: tenants and sources of the matrix. */
const LOG = {
  'tenant-a': `tenant-${TENANT.a}`,
  'tenant-b': `tenant-${TENANT.b}`,
  'tenant-none': 'tenant-nobody',
  'tenant-*': 'tenant-*',
  'source-a': 'source-source-a',
  'source-b': 'source-source-b',
  'source-ab': 'source-source-ab',
  'source-p': 'source-source-p',
  'source-none': 'source-never-heard-of',
  'not registered': 'source-matrix',
  system: 'source-cadf-pipeline',
} as const;
type LogName = keyof typeof LOG;
const LOG_NAMES = Object.keys(LOG) as readonly LogName[];

const EVERY: readonly LogName[] = [
  'tenant-a', 'tenant-b', 'system', 'not registered', 'source-a', 'source-ab', 'source-b', 'source-p',
]; // prettier-ignore
const LOGS_OF: Readonly<Record<Reader, readonly LogName[]>> = {
  queryA: ['tenant-a', 'source-a'],
  queryB: ['tenant-b', 'source-b'],
  queryAB: ['tenant-a', 'tenant-b', 'source-a', 'source-ab', 'source-b'],
  queryNone: [],
  queryAll: EVERY,
  root: EVERY,
};

/** The minute all events of the matrix are in. */
const IN_WINDOW = encodeURI(
  '$filter=timestamp>=2020-06-01T00:00:00Z and timestamp<2020-06-01T00:01:00Z&$orderby=timestamp',
);
/** The same of what is not there and of what is another's. */
const NOTHING = '404 NOT_FOUND';

interface Logs {
  readonly eventLogs?: readonly { readonly id: string }[];
}
interface Events {
  readonly count: number;
  readonly events?: readonly { readonly content: Shown }[];
}

/** Status, with the code that a failed Job is named after. */
export function jobVerdict({ status, text }: Answer): string {
  return status < 400 ? String(status) : `${status} ${(JSON.parse(text) as { name: string }).name}`;
}

export function cimiAccess(): readonly ReadRow[] {
  const rows: ReadRow[] = [];
  const add = (
    route: string,
    what: string,
    path: string,
    show: ReadRow['show'],
    expected: (reader: Reader) => string,
  ): void => {
    rows.push({
      route,
      what,
      path,
      show,
      expected: Object.fromEntries(READERS.map((reader) => [reader, expected(reader)])),
    });
  };

  for (const [route, path] of [
    ['/cimi', '/cimi'],
    ['/cimi', '/cimi/'],
    ['/cimi/cloudEntryPoint', '/cimi/cloudEntryPoint'],
    ['/cimi/resourceMetadata', '/cimi/resourceMetadata'],
    ['/cimi/resourceMetadata/CloudEntryPoint', '/cimi/resourceMetadata/CloudEntryPoint'],
  ] as const)
    add(
      route,
      path,
      path,
      () => '',
      () => '200',
    );

  const listed = (reader: Reader): string => `200 ${[...LOGS_OF[reader]].toSorted().join(' ')}`.trim();
  add('/cimi/eventLogs', '', '/cimi/eventLogs', (answer) => logNames(answer.json<Logs>()), listed);
  const expanded = (answer: Answer): string => logNames(answer.json<{ eventLogs: Logs }>().eventLogs);
  add('/cimi/cloudEntryPoint', 'with the logs', '/cimi/cloudEntryPoint?$expand=*', expanded, listed);

  const inLog = (name: LogName, reader: Reader): string => {
    if (!LOGS_OF[reader].includes(name)) return NOTHING;
    if (name === 'tenant-a') return ONLY_A[reader];
    if (name === 'tenant-b') return ONLY_B[reader];
    return name === 'not registered' ? '200 a b ab none final moved-a+b+a' : '200';
  };
  const inEvents = ({ count, events = [] }: Events): string => {
    if (count !== events.length) throw new Error(`${count} events are counted, ${events.length} shown`);
    return events.map(({ content }) => labelOf(content)).join(' ');
  };
  for (const name of LOG_NAMES) {
    const path = `/cimi/eventLogs/${LOG[name]}`;
    add(
      '/cimi/eventLogs/{log}',
      name,
      path,
      () => '',
      (reader) => (LOGS_OF[reader].includes(name) ? '200' : NOTHING),
    );
    add(
      '/cimi/eventLogs/{log}/events',
      name,
      `${path}/events?${IN_WINDOW}`,
      (answer) => inEvents(answer.json()),
      (reader) => inLog(name, reader),
    );
    add(
      '/cimi/eventLogs/{log}',
      `${name} with its events`,
      `${path}?$expand=events&$select=events`,
      () => '',
      (reader) => (LOGS_OF[reader].includes(name) ? '200' : NOTHING),
    );
  }

  for (const [label, source, seenBy, shown] of [
    ['a', 'matrix', ['queryA', 'queryAB'], 'a'],
    ['b', 'matrix', ['queryB', 'queryAB'], 'b'],
    ['ab', 'matrix', ['queryA', 'queryB', 'queryAB'], 'ab'],
    ['none', 'matrix', [], 'none'],
    ['final', 'matrix', ['queryA', 'queryAB'], 'final'],
    ['moved-a', 'matrix', ['queryA', 'queryAB'], 'moved-a'],
    ['a', 'elsewhere', undefined, ''],
  ] as const) {
    const sees = (reader: Reader): boolean =>
      seenBy !== undefined && (['queryAll', 'root', ...seenBy] as readonly string[]).includes(reader);
    const steps = (reader: Reader): string =>
      label !== 'moved-a' ? '' : reader === 'queryA' ? '+a' : '+b+a';
    add(
      '/cimi/events/{event}',
      `${label} of ${source}`,
      `/cimi/events/${source}:${encodeURIComponent(EVENT_ID[label])}`,
      (answer) => labelOf(answer.json<{ content: Shown }>().content),
      (reader) => (sees(reader) ? `200 ${shown}${steps(reader)}` : NOTHING),
    );
  }
  return rows;
}

function logNames({ eventLogs = [] }: Logs): string {
  const ids = eventLogs.map(({ id }) => id.slice('eventLogs/'.length));
  return LOG_NAMES.filter((name) => ids.includes(LOG[name]))
    .toSorted()
    .join(' ');
}
