/**
 * The source type `auto`: records of many sources mixed, as a syslog relay or a journal delivers them. Each record goes
 * to the normalizer of the source that recognizes it with the highest certainty (the first by id of equally sure ones);
 * one that nobody recognizes, and that goes on with the record before it of the same sender and program, goes where that
 * one went. It is given to the registry beside the folders (`withAuto`).
 *
 * Settings: those of the sources, which all of them get; `types` (ids joined by commas) limits which ones are asked;
 * `unrecognized` = `ignore` counts records that nobody recognizes as ignored instead of keeping them as dead letters, for
 * streams in which most lines are of programs that have nothing to do with machines.
 */
import { readHeader } from '../normalize/header.ts';
import { createLocalClock } from '../normalize/local-clock.ts';
import type { SourceRegistry } from '../source-registry.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord, Source } from '../source.ts';
import { createLastRecognized } from './last-recognized.ts';
import { recognizeRecord } from './recognize.ts';
import type { Recognized } from './recognize.ts';

const ID = 'auto';

/** The registry with `auto` over all its sources. */
export function withAuto(registry: SourceRegistry): SourceRegistry {
  const auto = createAutoSource(registry.all);
  const all = [...registry.all, auto].sort((left, right) => (left.id < right.id ? -1 : 1));
  return { all, get: (id) => (id === ID ? auto : registry.get(id)) };
}

export function createAutoSource(sources: readonly Source[]): Source {
  const sorted = [...sources].sort((left, right) => (left.id < right.id ? -1 : 1));
  return {
    id: ID,
    describe: {
      title: 'Records of many sources mixed, each recognized by itself',
      vendor: 'any',
      documents: ['the README of each source'],
      framings: ['lines', 'json', 'xml'],
    },
    recognize: () => undefined,
    fields: { tags: '//auto/recognized: the source and the feature the record was recognized by' },
    rules: {
      'not-recognized': 'no source recognizes the record, and the setting `unrecognized` is `ignore`',
      '*': 'the rule of the source that the record was recognized as',
    },
    createNormalizer: (context) => createRouter(sorted, context),
  };
}

function createRouter(all: readonly Source[], context: NormalizerContext): Normalizer {
  const sources = limited(all, context.options?.['types']);
  const ignoresOthers = context.options?.['unrecognized'] === 'ignore';
  const clock = createLocalClock(context.options?.['timezone']);
  const normalizers = new Map<string, Normalizer>();
  const last = createLastRecognized();
  let decided = new WeakMap<RawRecord, Recognized>();

  function normalizerOf(source: Source): Normalizer {
    const known = normalizers.get(source.id);
    if (known !== undefined) return known;
    const made = source.createNormalizer(context);
    normalizers.set(source.id, made);
    return made;
  }

  function tagged(outcome: Outcome): Outcome {
    const [record] = outcome.records;
    const recognized = record === undefined ? undefined : decided.get(record);
    if (outcome.kind !== 'event' || recognized === undefined) return outcome;
    const { rule, source } = recognized;
    const tag = `//${ID}/recognized?value=${encodeURIComponent(`${source.id}.${rule}`)}`;
    return {
      ...outcome,
      event: { ...outcome.event, tags: [...(outcome.event.tags ?? []), tag] },
      recognized: { source: source.id, rule },
    };
  }

  return {
    get held() {
      let held = 0;
      for (const normalizer of normalizers.values()) held += normalizer.held;
      return held;
    },
    push(record) {
      const header = readHeader(record, clock);
      let recognized = recognizeRecord(sources, header, record);
      if (recognized === undefined) {
        const before = last.before(header, record);
        if (before?.source.continues?.(record) === true) recognized = before;
      }
      last.remember(header, record, recognized);
      if (recognized === undefined) {
        if (ignoresOthers) return [{ kind: 'ignored', rule: 'not-recognized', records: [record] }];
        return [notRecognized(record, sources)];
      }
      decided.set(record, recognized);
      return normalizerOf(recognized.source).push(record).map(tagged);
    },
    flush() {
      const outcomes = [...normalizers.values()].flatMap((normalizer) => normalizer.flush()).map(tagged);
      last.clear();
      decided = new WeakMap();
      return outcomes;
    },
  };
}

function limited(sources: readonly Source[], types: string | undefined): readonly Source[] {
  if (types === undefined || types.trim() === '') return sources;
  const wanted = new Set(types.split(',').map((type) => type.trim()));
  return sources.filter(({ id }) => wanted.has(id));
}

function notRecognized(record: RawRecord, sources: readonly Source[]): Outcome {
  return {
    kind: 'dead-letter',
    code: 'AUTO_NOT_RECOGNIZED',
    detail: `No source recognizes the record. Where it is of one of these, register a source of that type for it and replay it there: ${sources.map(({ id }) => id).join(', ')}.`,
    records: [record],
  };
}
