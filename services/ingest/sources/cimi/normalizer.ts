/** Turns CIMI documents into CADF events (README.md tells the mapping). */
import type { CadfEvent, Measurement } from '@cadf-pipeline/cadf-model';
import { createSourceEvents, digestOf } from '../../src/normalize/event-draft.ts';
import { guessedTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { createAskedBefore } from './asked-before.ts';
import { createCloud } from './cloud.ts';
import type { Cloud } from './cloud.ts';
import { COMPARED_STATE_TYPE, readComparedState } from './compared-state.ts';
import { fold, readDocument, textOf } from './document.ts';
import type { CimiDocument } from './document.ts';
import { kindOf, readEvent } from './event.ts';
import { figure } from './finding.ts';
import type { Finding, NoEvent, Reading } from './finding.ts';
import { innerCadf } from './inner-cadf.ts';
import { readJob } from './job.ts';
import { cadfTypeOf } from './resource-types.ts';
import { resourcesOf } from './resources.ts';
import type { CimiResource } from './resources.ts';
import { readEventLog, readSample, readState } from './sample.ts';
import { scrubJson, scrubXml } from './secrets.ts';
import type { Scrubbed } from './secrets.ts';
import { firstTime } from './times.ts';

const REASONS = 'https://www.dmtf.org/sites/default/files/standards/documents/DSP0263_2.0.0.pdf';
const events = createSourceEvents('cimi', REASONS);

/** Options: `base-uri`, `account`, `timezone`, `keep`. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  let baseUri: string | undefined;
  let lastCloud = createCloud(context);
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const asked = createAskedBefore();

  function push(record: RawRecord): Outcome[] {
    const { message } = readHeader(record, clock);
    const cloud = cloudOf(record);
    if (message.trim() === '') return [ignoring.ignored('blank-line', [record])];
    const document = readDocument(message);
    if ('code' in document) return [deadLetter([record], document.code, document.detail)];
    const resources = resourcesOf(document);
    if (resources.length === 0) return [ignoring.ignored('empty-collection', [record])];
    // A record is in one outcome: of a collection, in the first one's.
    return resources.map((resource, index) =>
      outcomeOf({ asked, cloud, resource, document }, index === 0 ? [record] : [], record, message),
    );
  }

  /** References of one provider are relative to the same, time and again. */
  function cloudOf({ envelope }: RawRecord): Cloud {
    if (envelope?.baseUri !== baseUri) {
      baseUri = envelope?.baseUri;
      lastCloud = createCloud(context, baseUri);
    }
    return lastCloud;
  }

  function outcomeOf(
    reading: Reading,
    records: readonly RawRecord[],
    record: RawRecord,
    message: string,
  ): Outcome {
    const { resource, document } = reading;
    const inner = isCadfEvent(resource) ? innerCadf(resource.members.get('content'), document) : undefined;
    if (inner !== undefined) return event('cadf', records, inner);
    const found = read(reading);
    if ('ignored' in found) return ignoring.ignored(found.ignored, records);
    if ('code' in found) return deadLetter(records, found.code, found.detail);
    const time = firstTime(found.times, clock) ?? guessedTime(record.receivedMs, 'time');
    const make = (): CadfEvent => toEvent(reading.cloud, found, time, evidenceOf(reading, record, message));
    return found.isNoise === true
      ? ignoring.ignored(found.rule, records, make)
      : event(found.rule, records, make());
  }

  function toEvent(
    { name: cloudName, provider }: Cloud,
    found: Finding,
    time: EventTime,
    { record, isRedacted }: Evidence,
  ): CadfEvent {
    const { name, operation, reasonCode, figures = [], severity } = found;
    const measurements = found.measurements ?? observedOf(found);
    const written = found.times.map((one) => textOf(one) ?? '').join(' ');
    const isUnread = time.guessed === 'time' && written.trim() !== '';
    const tags = [...(found.tags ?? []), ...(isRedacted ? [['redacted', 'record'] as const] : [])];
    const made = events.make([record], {
      identity: [
        found.rule.replace('unmapped-', ''),
        found.key ?? `${cloudName} ${written} ${digestOf(record.text)}`,
      ],
      time,
      action: found.action,
      outcome: found.outcome,
      initiator: found.initiator,
      target: found.target,
      observer: provider,
      name,
      ...(reasonCode === undefined ? {} : { reasonCode }),
      ...(operation === undefined ? {} : { operation }),
      ...(measurements === undefined ? {} : { measurements }),
      ...(found.attached === undefined ? {} : { attachments: found.attached(time) }),
      tags: [...tags, ...(isUnread ? [['written-time', written.trim().slice(0, 128)] as const] : [])].map(
        ([tag, value]) => events.tag(tag, value.slice(0, 1024)),
      ),
    });
    return {
      ...made,
      ...(severity === undefined ? {} : { severity }),
      // Figures do not make an activity a monitor event.
      ...(figures.length === 0 ? {} : { measurements: [...figures] }),
    };
  }

  return {
    push,
    flush() {
      asked.clear();
      return [];
    },
    get held() {
      return asked.size;
    },
  };
}

/** An operation that only observes is a monitor event, which needs a measurement: how it ended. */
function observedOf({ action, figures = [], reasonCode, name }: Finding): readonly Measurement[] | undefined {
  if (action !== 'monitor' || figures.length > 0) return undefined;
  return [figure('http://schemas.dmtf.org/cimi/1/Job/state', 'state', 'state', reasonCode ?? name)];
}

interface Evidence {
  readonly record: RawRecord;
  readonly isRedacted: boolean;
}

/** The record, or of a collection the item alone, without secrets. */
function evidenceOf({ resource, document }: Reading, record: RawRecord, message: string): Evidence {
  const isWhole = resource.value === document.value;
  const { text, isRedacted } = scrubbed(resource, document, isWhole ? message : undefined);
  if (isWhole && !isRedacted) return { record, isRedacted };
  return { record: { text, receivedMs: record.receivedMs }, isRedacted };
}

function scrubbed({ value }: CimiResource, document: CimiDocument, whole: string | undefined): Scrubbed {
  if (document.format === 'xml') return scrubXml(whole ?? document.textOf(value) ?? '');
  return scrubJson(whole ?? JSON.stringify(value), value);
}

function isCadfEvent({ type, members }: CimiResource): boolean {
  return type.name === 'event' && kindOf(members) === 'cadf';
}

const NOT_A_RESOURCE: NoEvent = {
  code: 'CIMI_NOT_A_RESOURCE',
  detail:
    'It says no type (resourceURI, or the name of the root) and looks like no Job, Event or Sample. Send resources as the provider answers them.',
};

function read(reading: Reading): Finding | NoEvent {
  const { resource, document } = reading;
  const { name } = resource.type;
  switch (name) {
    case 'job':
      return readJob(reading);
    case 'event':
      return readEvent(reading);
    case 'sample':
      return readSample(reading);
    case 'eventlog':
      return readEventLog(reading);
    case COMPARED_STATE_TYPE:
      return readComparedState(reading);
    case 'action':
      return { ignored: 'request-body' };
    case '':
    case 'error':
      return isError(document) || name === 'error' ? { ignored: 'error-response' } : NOT_A_RESOURCE;
    default:
      if (name.endsWith('create')) return { ignored: 'request-body' };
      return isForeign(reading) ? NOT_A_RESOURCE : readState(reading);
  }
}

/** XML of another kind: a page of a proxy, a schema, SOAP. Resources that CIMI does not know have an id at least. */
function isForeign({ resource: { value, type, members }, document }: Reading): boolean {
  const isRoot = document.rootName !== undefined && value === document.value;
  return (
    isRoot &&
    cadfTypeOf(type) === 'unknown' &&
    !['id', 'href', 'resourceuri'].some((name) => members.has(name))
  );
}

/** What servers answer instead of a resource. */
function isError({ value }: CimiDocument): boolean {
  const members = fold(value);
  return members.has('status') && members.has('message') && members.size <= 4;
}
