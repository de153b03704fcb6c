/** Vectors of segments that state which events could not be given away. */
import { KEY_ONE, makeChain, putHead } from './chain.test-support.ts';
import type { Place } from './chain.test-support.ts';
import { openSigner } from './index.ts';
import type { SegmentManifest } from './index.ts';
import { events, manifestOf, putSigned } from './vector.test-support.ts';
import type { AddVector } from './vector.test-support.ts';

const WITHHELD = {
  count: 3,
  reasons: [
    { code: 'LOOP', count: 2 },
    { code: 'REDACTION_VALUE_IN_ID', count: 1 },
  ],
};

/** One segment of five events that says this of itself. */
async function saying(more: Partial<SegmentManifest>): Promise<Place> {
  const place = await makeChain([{ files: [{ events: events(1, 5) }] }]);
  const sha256 = await putSigned(place, 1, { ...manifestOf(place, 1), ...more });
  await putHead(place, await openSigner(KEY_ONE), { sequence: 1, manifest: sha256 });
  return place;
}

export async function addWithheldVectors(add: AddVector): Promise<void> {
  const invalid = { code: 'manifest-invalid', sequence: 1, file: '000000000001.manifest.json' } as const;
  await add(
    'good-withheld',
    'Three events are withheld beside five, for two reasons; two in a segment that has no others.',
    null,
    () =>
      makeChain([
        { files: [{ events: events(1, 5) }], more: { withheld: WITHHELD } },
        { files: [], more: { withheld: { count: 2, reasons: [{ code: 'TRANSFER', count: 2 }] } } },
      ]),
    { withheld: 5 },
  );
  await add('withheld-differs', 'Four events are withheld, the reasons are of three.', invalid, () =>
    saying({ withheld: { ...WITHHELD, count: 4 } }),
  );
  await add('withheld-twice', 'A reason is named twice; the sum is right.', invalid, () =>
    saying({
      withheld: {
        count: 3,
        reasons: [
          { code: 'LOOP', count: 2 },
          { code: 'LOOP', count: 1 },
        ],
      },
    }),
  );
  await add('withheld-counted', 'Withheld events are in the count of the manifest.', invalid, () =>
    saying({ withheld: WITHHELD, count: 8 }),
  );
}
