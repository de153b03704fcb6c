/** A sample within what its meter says of it: a document of its own. */
import { fold, textOf } from '../../sources/cimi/document.ts';
import type { Folded } from '../../sources/cimi/document.ts';
import { typeOfUri } from '../../sources/cimi/resource-types.ts';
import type { CollectedDocument } from './poll-context.ts';

export interface CollectedSample {
  readonly value: unknown;
  /** In the provider's words, where it is JSON. */
  readonly json: string | undefined;
}

const METER = 'http://schemas.dmtf.org/cimi/1/Meter';
const MAX_MEMBER = 4096;
/** Of a meter: what tells what its samples are. */
const KEPT = [
  'name',
  'targetResource',
  'aspect',
  'units',
  'sampleInterval',
  'timeScope',
  'intervalDuration',
  'isContinuous',
  'minValue',
  'maxValue',
];

export function sampleDocument(url: URL, meter: Folded, sample: CollectedSample): CollectedDocument {
  const told = textOf(meter.get('resourceuri')) ?? textOf(meter.get('resourcetype')) ?? '';
  const own = KEPT.flatMap((name) => {
    const written = JSON.stringify(meter.get(name.toLowerCase()));
    return written === undefined || written.length > MAX_MEMBER ? [] : [`"${name}":${written}`];
  });
  // A sample without a value is one all the same.
  const inside = sample.json ?? JSON.stringify([{ value: '', ...Object.fromEntries(fold(sample.value)) }]);
  const members = [
    `"resourceURI":${JSON.stringify(typeOfUri(told).name === 'meter' ? told : METER)}`,
    `"id":${JSON.stringify(url.href)}`,
    ...own,
    `"samples":${inside}`,
  ];
  return { text: `{${members.join(',')}}`, position: url.href };
}
