/** How downloads of files are described: the range that may be asked for, and what is answered. */
import { fileFormats } from '@cadf-pipeline/event-formats';
import { Type } from 'typebox';

/** Of manifests, and of signatures and heads. */
export const MANIFEST_TYPE = 'application/json';
export const SIGNATURE_TYPE = 'application/jose';

export const Range = Type.Object({
  range: Type.Optional(
    Type.String({ maxLength: 256, description: 'One range of bytes', examples: ['bytes=0-1023'] }),
  ),
});

const BINARY = { type: 'string', format: 'binary' } as const;
const PART = 24;
const BYTES = '(the bytes of the file)';
const MEDIA_TYPES = new Set([
  ...Object.values(fileFormats).map(({ mediaType }) => mediaType.split(';', 1)[0] ?? mediaType),
  ...['gzip', 'zstd'].map((compression) => `application/${compression}`),
  SIGNATURE_TYPE,
]);

/** `example`: of a manifest. */
export function fileAnswers(example: object) {
  return {
    200: {
      description: 'The file',
      content: {
        ...Object.fromEntries([...MEDIA_TYPES].map((type) => [type, { schema: BINARY, example: BYTES }])),
        [MANIFEST_TYPE]: { schema: { type: 'object' }, example },
      },
    },
    206: {
      description: 'A part of it, called by the type of the whole',
      content: { '*/*': { schema: BINARY, example: JSON.stringify(example).slice(0, PART) } },
    },
  };
}
