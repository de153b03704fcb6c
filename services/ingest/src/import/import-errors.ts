/** The errors of `/cadf/v1/imports`; a part of the table of intake. */
export const importErrorRows = {
  IMPORT_NOT_FOUND: {
    status: 404,
    title: 'There is no import of this id that can be seen with this key',
    retryable: false,
    hint: 'GET /cadf/v1/imports lists them.',
  },
  IMPORT_NOT_YOURS: {
    status: 403,
    title: 'The import belongs to somebody else',
    retryable: false,
    hint: 'Its owner may do this, or an administrator of all its tenants.',
  },
  IMPORT_NEEDS_KEY: {
    status: 403,
    title: 'Only an API key that is not bound to a source can own an import',
    retryable: false,
    hint: 'Events are brought in while nobody is there, by the rights of the owner at that time, under sources of the import. Have an API key made with the role `submit`.',
  },
  IMPORT_EXISTS: {
    status: 409,
    title: 'There is an import of this id already',
    retryable: false,
    hint: 'Give it another `id`, or none.',
  },
  IMPORT_INVALID: {
    status: 422,
    title: 'There cannot be such an import',
    retryable: false,
    hint: 'Mend the places listed in `faults`.',
  },
  IMPORT_TOO_MANY: {
    status: 422,
    title: 'There are as many imports of one owner as are kept',
    retryable: false,
    hint: 'Delete those that are no longer used.',
  },
  IMPORT_INVITATION_REFUSED: {
    status: 422,
    title: 'The invitation cannot be accepted',
    retryable: false,
    hint: '`detail` says why. An invitation counts once: ask the provider of the feed for another one.',
  },
  IMPORT_PEER_UNREACHABLE: {
    status: 502,
    title: 'The provider of the feed cannot be asked',
    retryable: true,
    hint: '`detail` says why. The invitation was not used; try again.',
  },
  IMPORT_TAKES_NO_FILES: {
    status: 409,
    title: 'The import fetches its files itself',
    retryable: false,
    hint: 'Files are sent to imports from `upload`.',
  },
  IMPORT_FILE_REFUSED: {
    status: 422,
    title: 'The file cannot be kept under this name',
    retryable: false,
    hint: '`detail` says what is wrong with it.',
  },
  IMPORT_INBOX_FULL: {
    status: 429,
    title: 'As much waits to be taken as the import may hold',
    retryable: true,
    hint: 'Send it again after `Retry-After`; where nothing is taken, `fault` of the import says why.',
  },
} as const;

/** Why a segment or a file of an import was refused, or why it waits; beside the faults of docs/federation-format.md. */
export const importFaults = {
  IMPORT_UNSIGNED:
    'Nothing signs the file, and the import takes only what is signed. Set `unsigned`, or put signed segments there.',
  IMPORT_TOO_LARGE:
    'A segment or a file is larger than CADF_IMPORT_MAX_BYTES, or a document larger than CADF_MAX_UNPACKED_BODY, which is read whole.',
  IMPORT_FORMAT_UNKNOWN:
    'The files of the segment are of a format that cannot be imported: cadf-ndjson, cadf-json and cadf-xml can.',
  IMPORT_FILE_UNREADABLE: 'The file cannot be unpacked, or read as what it is.',
  IMPORT_TRAIL_FAULT:
    'A digest file of CloudTrail does not fit what is there; `recent` of the import says which. Mend it, or accept it with a resume.',
  IMPORT_PLACE_UNREADABLE: 'The directory, bucket or feed cannot be read now; it is tried again.',
  IMPORT_KEYS_UNUSABLE: 'The keys of the import cannot verify anything. Give it others.',
  IMPORT_SECRET_SEALED:
    'The token or the credentials of the import were sealed under another bootstrap key. Make the import anew.',
  IMPORT_RIGHTS: 'The owner of the import may no longer bring in what it is to bring. `message` says why.',
} as const;
