import type { ErrorDefinition } from '@cadf-pipeline/service-kit';

/** Nothing more may be given away until somebody changes something: the feed, its owner's key, an event. */
export class FeedStop extends Error {
  override readonly name = 'FeedStop';
  readonly code: string;

  constructor({ code, title }: Pick<ErrorDefinition, 'code' | 'title'>, detail: string = title) {
    super(detail);
    this.code = code;
  }
}
