/** That a collection was not read to its end. */
import { CimiFailure } from './cimi-failure.ts';
import type { CimiPage } from './pages.ts';

export function listingCut({ pathname }: URL, cut: NonNullable<CimiPage['cut']>): CimiFailure {
  return new CimiFailure(
    'CIMI_LISTING_CUT',
    cut === 'endless'
      ? `${pathname} lists more than one poll reads. What it listed is taken; look whether its pages end.`
      : `${pathname} lists fewer items than it counts. What it listed is taken; let the provider page by $first and $last.`,
  );
}
