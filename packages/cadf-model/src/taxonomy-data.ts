/** Shape of the generated taxonomy tables; the data and its sources are in /taxonomy. */

export interface TaxonomyNode {
  /** Whole path from the root, such as `data/security/account`. */
  readonly path: string;
  /** What it stands for, in a few words. */
  readonly meaning: string;
  /** `standard`: DSP0262 annex A; `openstack`: listed for OpenStack, an extension in base terms. */
  readonly origin: 'standard' | 'openstack';
  /** Actions only: the event type it belongs to (`any` for `unknown`). */
  readonly eventType?: string;
}

/** `from` is another spelling of `to`; a trailing `*` in both stands for the rest of the value. */
export interface TaxonomyAlias {
  readonly from: string;
  readonly to: string;
}

export interface TaxonomyData {
  /** What a relative path is resolved against, with a slash at the end. */
  readonly baseUri: string;
  readonly nodes: readonly TaxonomyNode[];
  readonly aliases: readonly TaxonomyAlias[];
}
