/** The errors of feeds; a part of the service's table. */
import { defineErrors } from '@cadf-pipeline/service-kit';

export const feedErrors = defineErrors({
  FEED_NOT_FOUND: {
    status: 404,
    title: 'There is no feed of this id that can be seen with this key',
    retryable: false,
    hint: 'GET /cadf/v1/feeds lists them; its owner may have deleted it.',
  },
  FEED_NOT_YOURS: {
    status: 403,
    title: 'The feed belongs to somebody else',
    retryable: false,
    hint: 'An administrator may pause, resume and delete it; its segments are for its owner and whom it gave a token.',
  },
  FEED_NEEDS_KEY: {
    status: 403,
    title: 'Only an API key can own a feed',
    retryable: false,
    hint: 'A feed runs while nobody is there, by the rights of the owner at that time, which a token of a user cannot tell. Have an API key made with the role `export`, and make it with that.',
  },
  FEED_EXISTS: {
    status: 409,
    title: 'There is a feed of this id already',
    retryable: false,
    hint: 'Choose another id.',
  },
  FEED_INVALID: {
    status: 422,
    title: 'There cannot be such a feed',
    retryable: false,
    hint: 'Mend the places listed in `faults`.',
  },
  FEED_FILTER_INVALID: {
    status: 400,
    title: 'The filter of the feed cannot be understood',
    retryable: false,
    hint: '`fault` says what is wrong, in which column, and often what to write there instead; the language is in docs/query.md.',
  },
  FEED_TOO_MANY: {
    status: 422,
    title: 'There are as many feeds of one owner, or tokens and invitations of one feed, as are kept',
    retryable: false,
    hint: 'Delete those that are no longer used.',
  },
  FEED_RIGHTS: {
    status: 403,
    title: 'The owner of the feed may not read what is in it',
    retryable: false,
    hint: '`detail` says what is missing. Nothing is given away until it is there again; then the feed goes on where it stopped.',
  },
  FEED_REDACTION_INVALID: {
    status: 422,
    title: 'The redaction rules of the feed cannot be used',
    retryable: false,
    hint: 'Nothing is given away until the rules are mended: PATCH the feed.',
  },
  FEED_REDACTION_SEALED: {
    status: 503,
    title: 'The key of the hashes of the feed cannot be opened',
    retryable: false,
    hint: 'It was sealed under another bootstrap key. Make the feed anew.',
  },
  FEED_DELIVERY_SEALED: {
    status: 503,
    title: 'The credentials of the recipient cannot be opened',
    retryable: false,
    hint: 'They were sealed under another bootstrap key. Write `delivery` again with PATCH.',
  },
  FEED_NOT_TAKEN: {
    status: 502,
    title: 'The recipient did not take a segment',
    retryable: true,
    hint: '`detail` says why. It is tried again by itself, later each time, up to five minutes; no later segment goes before it.',
  },
  FEED_TOKEN_NOT_FOUND: {
    status: 404,
    title: 'The feed has no such token',
    retryable: false,
    hint: '`credentials` of the feed lists them.',
  },
  FEED_SEGMENT_NOT_FOUND: {
    status: 404,
    title: 'The feed has no such file',
    retryable: false,
    hint: 'GET /cadf/v1/feeds/{id}/segments lists what is kept; segments are removed some days after they were made.',
  },
  FEED_NOT_STARTED: {
    status: 409,
    title: 'The feed has no segment yet',
    retryable: true,
    hint: 'The first is there when the first period has ended.',
  },
  FEED_INTERRUPTED: {
    status: 503,
    title: 'The feed does not get on for now',
    retryable: true,
    hint: '`detail` says why. It is tried again by itself, and nothing is passed over.',
  },
  FEED_CLOCK_BEHIND: {
    status: 503,
    title: 'The clock is behind the end of the last period of the feed: it was ahead, and was set back',
    retryable: true,
    hint: 'Make sure that the clocks of all processes are right. The feed goes on by itself: until the clock has come to that time again, what is accepted is given at the end of each period as late events, none is missing or given twice. Do not rotate the keys of the deployment before. Where that time is far off, delete the feed and make it anew.',
  },
  FEED_RANGE: {
    status: 416,
    title: 'The file has no such bytes',
    retryable: false,
    hint: '`Content-Range` says how many it has.',
  },
  FEED_INVITATION: {
    status: 403,
    title: 'The invitation is not valid any more, or never was',
    retryable: false,
    hint: 'It counts once and until it expires. Have another one made: POST /cadf/v1/feeds/{id}/invitations.',
  },
});
