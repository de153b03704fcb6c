import { defineErrors } from '@cadf-pipeline/service-kit';

/** The errors of control state and its admin routes. */
export const controlErrors = defineErrors({
  CONTROL_UNKNOWN: {
    status: 404,
    title: 'There is no such thing in the control state',
    retryable: false,
    hint: 'List what there is; it may have been deleted, or lie beyond the tenants of the key.',
  },
  CONTROL_EXISTS: {
    status: 409,
    title: 'Something with this id exists already',
    retryable: false,
    hint: 'Choose another id, or change what exists with PUT.',
  },
  CONTROL_CONFLICT: {
    status: 409,
    title: 'Someone else changed it at the same time',
    retryable: true,
    hint: 'Read it again, and change what is there now.',
  },
  CONTROL_VERSION: {
    status: 412,
    title: 'It is no longer in the version that If-Match names',
    retryable: false,
    hint: 'Read it again, and send its ETag as If-Match.',
  },
  CONTROL_INVALID: {
    status: 422,
    title: 'The content does not fit',
    retryable: false,
    hint: 'Mend the places listed in `faults`; /openapi.json describes the form.',
  },
  CONTROL_FULL: {
    status: 422,
    title: 'There are as many of this kind as the system holds',
    retryable: false,
    hint: 'Delete what is no longer used.',
  },
  CONTROL_LATE: {
    status: 503,
    title: 'The change is durable and not yet visible on this server',
    retryable: true,
    hint: 'Read it back before trying again: it will appear when the control stream answers.',
  },
  CONTROL_BUSY: {
    status: 503,
    title: 'Too many changes are waiting',
    retryable: true,
    hint: 'Send it again after `Retry-After`; nothing was changed.',
  },
  FORBIDDEN_BEYOND_OWN: {
    status: 403,
    title: 'The key may not give or touch more than it has itself',
    retryable: false,
    hint: 'Stay within the roles and tenants of the calling key, or use one that reaches all tenants.',
  },
  SOURCE_FORBIDDEN: {
    status: 403,
    title: 'The key may not submit as this source',
    retryable: false,
    hint: 'Leave `source` out, or use a key bound to the source.',
  },
  SOURCE_UNKNOWN: {
    status: 422,
    title: 'There is no such source',
    retryable: false,
    hint: 'An administrator registers it under /cadf/v1/admin/sources.',
  },
});
