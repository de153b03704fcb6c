/** The errors of the export service. docs/errors.md is rendered from this table among others. */
import { defineErrors } from '@cadf-pipeline/service-kit';
import { feedErrors } from './feeds/feed-errors.ts';
import { exportJobErrors } from './exports/export-errors.ts';

export const exportErrors = defineErrors({
  ...exportJobErrors,
  ...feedErrors,
  SUBSCRIPTION_NOT_FOUND: {
    status: 404,
    title: 'There is no subscription of this id that can be seen with this key',
    retryable: false,
    hint: 'GET /cadf/v1/subscriptions lists them; its owner may have deleted it.',
  },
  SUBSCRIPTION_NOT_YOURS: {
    status: 403,
    title: 'The subscription belongs to somebody else',
    retryable: false,
    hint: 'An administrator may pause, resume and delete it; make one of your own for the rest.',
  },
  SUBSCRIPTION_NEEDS_KEY: {
    status: 403,
    title: 'Only an API key can own a subscription',
    retryable: false,
    hint: 'Events are delivered while nobody is there, by the rights of the owner at that time, which a token of a user cannot tell. Have an API key made with the role `export`, and subscribe with it.',
  },
  SUBSCRIPTION_INVALID: {
    status: 422,
    title: 'There cannot be such a subscription',
    retryable: false,
    hint: 'Mend the places listed in `faults`.',
  },
  SUBSCRIPTION_FILTER_INVALID: {
    status: 400,
    title: 'The filter of the subscription cannot be understood',
    retryable: false,
    hint: '`fault` says what is wrong, in which column, and often what to write there instead; the language is in docs/query.md.',
  },
  SUBSCRIPTION_START_INVALID: {
    status: 400,
    title: 'The place to start from cannot be used',
    retryable: false,
    hint: 'Give one of `from`, a time with its zone, and `cursor`, as it was given for the same filter, tenant and source; or neither to start now.',
  },
  SUBSCRIPTION_TOO_MANY: {
    status: 422,
    title: 'There are as many subscriptions of one owner as are kept',
    retryable: false,
    hint: 'Delete those that are no longer used.',
  },
  SUBSCRIPTION_NO_SECRET: {
    status: 422,
    title: 'The subscription has no secret that signs',
    retryable: false,
    hint: 'Only webhooks are signed. Change the password or key of a topic with PATCH.',
  },
  SUBSCRIPTION_SECRETS_FULL: {
    status: 409,
    title: 'As many secrets sign already as may at a time',
    retryable: true,
    hint: 'Wait for an older one to expire (`secrets` says when), or rotate with a shorter `overlapSeconds`.',
  },
  SUBSCRIPTION_TEST_THROTTLED: {
    status: 429,
    title: 'Too many tests',
    retryable: true,
    hint: 'Wait as `Retry-After` says.',
  },
  FEDERATION_KEY_SEALED: {
    status: 503,
    title: 'The key that signs exports and feeds cannot be opened',
    retryable: false,
    hint: 'It was sealed under another bootstrap key. Have an administrator make a new one: POST /cadf/v1/admin/federation/keys.',
  },
  FEDERATION_KEYS_FULL: {
    status: 422,
    title: 'As many keys are published as can be',
    retryable: false,
    hint: 'All keys that ever signed stay published. Rotate them less often.',
  },
});
