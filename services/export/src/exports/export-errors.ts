/** The errors of exports and their schedules; a part of the service's table. */
import { defineErrors } from '@cadf-pipeline/service-kit';

export const exportJobErrors = defineErrors({
  EXPORT_NOT_FOUND: {
    status: 404,
    title: 'There is no export of this id that can be seen with this key',
    retryable: false,
    hint: 'GET /cadf/v1/exports lists them; those that ended a while ago are removed with their files.',
  },
  EXPORT_NOT_YOURS: {
    status: 403,
    title: 'The export belongs to somebody else',
    retryable: false,
    hint: 'An administrator may cancel and delete it; its files are for its owner.',
  },
  EXPORT_NEEDS_KEY: {
    status: 403,
    title: 'Only an API key can own an export',
    retryable: false,
    hint: 'An export runs while nobody is there, by the rights of its owner at that time, which a token of a user cannot tell. Have an API key made with the role `export`, and ask with it.',
  },
  EXPORT_INVALID: {
    status: 422,
    title: 'There cannot be such an export',
    retryable: false,
    hint: 'Mend the places listed in `faults`.',
  },
  EXPORT_FILTER_INVALID: {
    status: 400,
    title: 'The filter of the export cannot be understood',
    retryable: false,
    hint: '`fault` says what is wrong, in which column, and often what to write there instead; the language is in docs/query.md.',
  },
  EXPORT_TOO_MANY: {
    status: 422,
    title: 'There are as many exports or schedules of one owner as are kept',
    retryable: false,
    hint: 'Delete those that are no longer needed; exports go by themselves some days after they ended.',
  },
  EXPORT_QUOTA: {
    status: 507,
    title: 'The files of exports have as many bytes as they may',
    retryable: false,
    hint: 'Delete exports that are no longer needed, or ask for less: another filter, a shorter time, compression.',
  },
  EXPORT_DISK_FULL: {
    status: 507,
    title: 'There is no more room for files of exports on this machine',
    retryable: false,
    hint: 'Have room made below CADF_EXPORT_DIR, then ask for the export again.',
  },
  EXPORT_RIGHTS: {
    status: 403,
    title: 'The owner of the export may not read what is in it',
    retryable: false,
    hint: '`detail` says what is missing. Nothing of the export is kept.',
  },
  EXPORT_COUNT_WRONG: {
    status: 500,
    title: 'The export has not as many events as were counted',
    retryable: false,
    hint: 'Events were deleted from the store meanwhile, or the store has a fault; nothing of the export is kept. Ask for it again.',
  },
  EXPORT_DESTINATION: {
    status: 502,
    title: 'The destination of the export does not take its files',
    retryable: false,
    hint: '`detail` says what it answered. Mend it there, or in the definition, and ask for the export again.',
  },
  EXPORT_FAILED: {
    status: 500,
    title: 'The export came to nothing after many attempts',
    retryable: false,
    hint: '`detail` says what went wrong at last.',
  },
  EXPORT_NOT_DONE: {
    status: 409,
    title: 'The export is not done',
    retryable: true,
    hint: 'Its manifest is there when its `status` is `done`; ask for the export again if it has failed.',
  },
  EXPORT_FILE_NOT_FOUND: {
    status: 404,
    title: 'The export has no such file to download',
    retryable: false,
    hint: '`files` of the export lists them; of other destinations than `download` the manifest alone is kept here.',
  },
  EXPORT_RANGE: {
    status: 416,
    title: 'The file has no such bytes',
    retryable: false,
    hint: '`Content-Range` says how many it has.',
  },
  EXPORT_LINK: {
    status: 403,
    title: 'The link is not valid any more, or never was',
    retryable: false,
    hint: 'Have its owner make another one: POST /cadf/v1/exports/{id}/link.',
  },
  SCHEDULE_NOT_FOUND: {
    status: 404,
    title: 'There is no schedule of this id that can be seen with this key',
    retryable: false,
    hint: 'GET /cadf/v1/exports/schedules lists them.',
  },
});
