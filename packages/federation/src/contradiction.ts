import { isChainOf } from './segment-manifest.ts';
import type { ChainHead, ManifestFile, SegmentManifest, Withheld } from './segment-manifest.ts';
import { isContentName } from './segment-names.ts';

/**
 * What in a manifest contradicts itself, beyond its schema; undefined where nothing does. Asked by who signs and by who
 * verifies, so that what is signed passes.
 */
export function contradictionIn(manifest: SegmentManifest): string | undefined {
  const { chain, count, files, issuer, kind, previous, sequence, withheld } = manifest;
  if (!isChainOf(chain, issuer, kind)) return `the chain is none of its issuer's ${kind}s`;
  if (kind === 'export' && sequence !== 1) return 'an export has one segment';
  if ((previous === null) !== (sequence === 1)) return 'the first segment, and no other, follows none';
  if (new Set(files.map(({ name }) => name)).size !== files.length) return 'it names a file twice';
  const total = files.reduce((sum, file) => sum + file.count, 0);
  if (total !== count) return `it counts ${count} events, its files ${total}`;
  const events = new Set(files.filter(({ role }) => role !== 'origins').map(({ name }) => name));
  for (const file of files) {
    const fault = contradictionInFile(file, sequence) ?? contradictionInRole(file, events);
    if (fault !== undefined) return `${file.name}: ${fault}`;
  }
  const about = files.flatMap(({ of }) => of ?? []);
  if (new Set(about).size !== about.length) return 'there are two files of origins for the same file';
  return withheld === undefined ? undefined : contradictionInWithheld(withheld);
}

/** The same of a head. */
export function contradictionInHead({ chain, issuer, manifest, sequence }: ChainHead): string | undefined {
  if (!isChainOf(chain, issuer, 'feed') && !isChainOf(chain, issuer, 'export'))
    return 'the chain is none of its issuer';
  if ((manifest === null) !== (sequence === 0)) return 'a head of no segments, and no other, has no manifest';
  return undefined;
}

function contradictionInFile(file: ManifestFile, sequence: number): string | undefined {
  const { blocks, compression, contentBytes, contentSha256, count, lines, name } = file;
  if (!isContentName(name, sequence)) return 'no name of content of this segment';
  const isPacked = compression !== undefined;
  if (isPacked !== (contentSha256 !== undefined) || isPacked !== (contentBytes !== undefined)) {
    return 'what is unpacked is described with compression, and only then';
  }
  if (blocks === undefined) return undefined;
  if (!lines) return 'blocks of lines, but no lines';
  if (blocks.sha256.length !== Math.ceil(count / blocks.lines)) return 'too few or too many blocks of lines';
  return undefined;
}

function contradictionInRole(file: ManifestFile, events: ReadonlySet<string>): string | undefined {
  const { count, lines, of, role } = file;
  if (role !== 'origins') return of === undefined ? undefined : 'only origins are about another file';
  if (count !== 0 || lines) return 'origins count no events of their own';
  if (of === undefined || !events.has(of)) return 'origins are about a file of events of the same segment';
  return undefined;
}

function contradictionInWithheld({ count, reasons }: Withheld): string | undefined {
  if (new Set(reasons.map(({ code }) => code)).size !== reasons.length)
    return 'it names a reason of withheld events twice';
  const total = reasons.reduce((sum, reason) => sum + reason.count, 0);
  return total === count ? undefined : `it withholds ${count} events, for its reasons ${total}`;
}
