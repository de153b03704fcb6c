/** Checks the events of one JSON text: a document of any form, or one record of NDJSON. */
import {
  checkJsonDepth,
  defaultMaxJsonDepth,
  isValid,
  jsonRanges,
  unwrapDocument,
} from '@cadf-pipeline/cadf-model';
import type { DocumentItem, Fault, ProfileName } from '@cadf-pipeline/cadf-model';
import { jsonFault } from '../json/json-fault.ts';
import { createLineIndex } from '../json/line-index.ts';
import { eventFaults } from './event-faults.ts';
import { byPlace } from './finding.ts';
import type { Checked, Finding, Place } from './finding.ts';
import { maxEventBytes, readingFinding, unreadable } from './reading-faults.ts';

/** More wrappings inside each other than these are refused, as on intake. */
const unwrapLimits = { maxEvents: 1_000_000, maxNesting: 6 };

/** Checks a text that begins at `origin` of its input. Never throws; a text that is not JSON is one event with a fault. */
export function checkJson(text: string, profile: ProfileName, origin: Place): Checked {
  if (!checkJsonDepth(text, defaultMaxJsonDepth + unwrapLimits.maxNesting)) {
    return unreadable(readingFinding('CADF_READ_TOO_DEEP', origin));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable(syntaxFinding(text, origin));
  }
  const { items } = unwrapDocument(value, unwrapLimits);
  const tooLarge = text.length > maxEventBytes / 3 ? tooLargeItems(text, items) : none;
  const faulty: FaultyItem[] = [];
  let valid = 0;
  for (const item of items) {
    const faults = tooLarge.has(item) ? [tooLargeFault] : faultsOf(item, profile);
    if (isValid(faults)) valid++;
    if (faults.length > 0) faulty.push({ item, faults });
  }
  return { events: items.length, valid, findings: faulty.length === 0 ? [] : locate(text, origin, faulty) };
}

interface FaultyItem {
  readonly item: DocumentItem;
  readonly faults: readonly Fault[];
}

function faultsOf(item: DocumentItem, profile: ProfileName): readonly Fault[] {
  // The fault of a place without an event has the place's own pointer, not one within an event.
  if (item.fault !== undefined) return [{ ...item.fault, pointer: '' }];
  return eventFaults(item.value, item.definitions, profile);
}

function syntaxFinding(text: string, origin: Place): Finding {
  const found = jsonFault(text);
  if (found === undefined) return readingFinding('CADF_READ_JSON', origin);
  const { offset, message, hint } = found;
  return readingFinding('CADF_READ_JSON', createLineIndex(text, origin)(offset), { message, hint });
}

const none: ReadonlySet<DocumentItem> = new Set();

const tooLargeFault: Fault = readingFinding('CADF_READ_TOO_LARGE', { line: 1, column: 1 });

function tooLargeItems(text: string, items: readonly DocumentItem[]): ReadonlySet<DocumentItem> {
  const ranges = jsonRanges(
    text,
    items.map(({ path }) => path),
  );
  return new Set(
    items.filter(({ path, fault }) => {
      const range = ranges.get(path);
      if (range === undefined || fault !== undefined || (range.end - range.start) * 3 <= maxEventBytes)
        return false;
      return Buffer.byteLength(text.slice(range.start, range.end)) > maxEventBytes;
    }),
  );
}

/** Gives each fault its place: that of the value it speaks of or, where that is missing, of the nearest around it. */
function locate(text: string, origin: Place, faulty: readonly FaultyItem[]): readonly Finding[] {
  const wanted = new Set<string>();
  for (const { item, faults } of faulty) {
    wanted.add(item.path);
    if (item.within !== undefined) continue;
    for (const { pointer } of faults) {
      for (const around of prefixes(pointer)) wanted.add(item.path + around);
    }
  }
  const ranges = jsonRanges(text, [...wanted]);
  const placeOf = createLineIndex(text, origin);
  const findings = faulty.flatMap(({ item, faults }) =>
    faults.map((fault): Finding => {
      const { path, within } = item;
      const around = within === undefined ? prefixes(fault.pointer).map((inside) => path + inside) : [];
      const range = [...around, path]
        .map((pointer) => ranges.get(pointer))
        .find((found) => found !== undefined);
      const place = placeOf(range?.start ?? 0);
      return within === undefined
        ? { ...fault, ...place, within, pointer: path + fault.pointer }
        : { ...fault, ...place, within: within + fault.pointer, pointer: path };
    }),
  );
  return findings.sort(byPlace);
}

/** A pointer and those around it, innermost first, the empty one left out. */
function prefixes(pointer: string): readonly string[] {
  const found: string[] = [];
  for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1))
    found.push(pointer.slice(0, end));
  return found;
}
