/** The bodies that make and change an import. */
import {
  bucketContent,
  IMPORT_ID_PATTERN,
  IMPORT_PREFIX_PATTERN,
  ImportContent,
  importContent,
  ImportDirectoryPath,
  PeerFeedChain,
  PeerFeedId,
  PeerFeedUrl,
  TenantId,
} from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';

const closed = { additionalProperties: false } as const;
const orNull = <S extends TSchema>(schema: S) => Type.Optional(Type.Union([schema, Type.Null()]));

const Upload = Type.Object(
  { type: Type.Literal('upload') },
  { ...closed, title: 'Upload', description: 'Files that are sent to it' },
);
const Directory = Type.Object(
  { type: Type.Literal('directory'), path: ImportDirectoryPath },
  {
    ...closed,
    title: 'Directory',
    description: 'Of the machine of the pipeline; needs a key for all tenants',
  },
);
const Bucket = Type.Object(
  {
    type: Type.Literal('bucket'),
    ...bucketContent,
    secretAccessKey: Type.String({ minLength: 1, maxLength: 1024, description: 'Never shown' }),
    sessionToken: Type.Optional(Type.String({ minLength: 1, maxLength: 4096, description: 'Never shown' })),
  },
  { ...closed, title: 'Bucket', description: 'An S3-compatible bucket' },
);
const InvitedFeed = Type.Object(
  {
    type: Type.Literal('feed'),
    invitation: Type.Optional(
      Type.String({
        minLength: 16,
        maxLength: 131_072,
        description:
          'As the provider gave it: with it nothing else of the feed is given, and no `keys`. It counts once',
      }),
    ),
    url: Type.Optional(PeerFeedUrl),
    feed: Type.Optional(PeerFeedId),
    chain: Type.Optional(PeerFeedChain),
    token: Type.Optional(
      Type.String({ minLength: 16, maxLength: 4096, description: 'A pull token of the feed. Never shown' }),
    ),
  },
  { ...closed, title: 'Feed', description: 'The feed of a peer, by its invitation or by all else' },
);

export type NewImportFrom =
  | Static<typeof Upload>
  | Static<typeof Directory>
  | Static<typeof Bucket>
  | Static<typeof InvitedFeed>;
/** A union by `type`, so that each fault is one of the form that was meant. */
const NewImportFrom = Type.Unsafe<NewImportFrom>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [Upload, Directory, Bucket, InvitedFeed],
  description: 'Where the files are',
});

const Keys = Type.Union(
  [Type.String({ minLength: 1, maxLength: 65_536 }), Type.Object({}, { additionalProperties: true })],
  {
    description:
      'Who is believed: the document of `/.well-known/cadf-federation.json`, a JWK set, or PEM; of CloudTrail what `aws cloudtrail list-public-keys` answers',
  },
);
const Tenants = Type.Array(TenantId, {
  minItems: 1,
  maxItems: 32,
  uniqueItems: true,
  description:
    'Tenants of the events: of all of them, or of those for which no rule finds one; `routing` says which. A key bound to tenants may name only its own, and has them all where it names none',
});

export const NewImport = Type.Object(
  {
    id: Type.Optional(
      Type.String({
        pattern: IMPORT_ID_PATTERN,
        description: 'Letters, digits, `_` and `-`, at most 32. Left out: one is made',
      }),
    ),
    ...importContent,
    prefix: Type.Optional(
      Type.String({
        pattern: IMPORT_PREFIX_PATTERN,
        description:
          'Sources are named `<prefix>.<source at the origin>`, or `<prefix>` where none is told. Default: the id; of a key bound to tenants `key-<id of the key>_<id>`, always',
      }),
    ),
    tenants: Type.Optional(Tenants),
    content: Type.Optional(ImportContent),
    keys: Type.Optional(Keys),
    paused: Type.Optional(Type.Boolean({ description: 'Whether nothing is taken for now' })),
    from: NewImportFrom,
  },
  {
    ...closed,
    examples: [
      {
        id: 'acme-provider',
        name: 'Audit of our tenant at the provider',
        tenants: ['project-a'],
        from: { type: 'feed', invitation: 'cadf-invitation.EXAMPLE' },
      },
      { id: 'archive', unsigned: true, content: 'cadf', from: { type: 'upload' } },
    ],
  },
);
export type NewImport = Static<typeof NewImport>;

const { everySeconds, name, profile, routing, unsigned } = importContent;

export const ChangedImport = Type.Object(
  {
    name: orNull(name),
    profile: orNull(profile),
    routing: orNull(routing),
    everySeconds: orNull(everySeconds),
    unsigned: orNull(unsigned),
    tenants: orNull(Tenants),
    keys: orNull(Keys),
    paused: Type.Optional(Type.Boolean({ description: 'Whether nothing is taken for now' })),
  },
  { ...closed, minProperties: 1, examples: [{ paused: true }] },
);
export type ChangedImport = Static<typeof ChangedImport>;

export const Resume = Type.Object(
  {
    accept: Type.Optional(
      Type.Object(
        {
          sequence: Type.Optional(
            Type.Integer({
              minimum: 1,
              description:
                'The chain goes on with this segment, whatever was before it: what is left out is told as a gap',
            }),
          ),
        },
        {
          ...closed,
          description:
            'What stopped it is accepted: of segments, which one comes next; of CloudTrail `{}`, all faults that are there now',
        },
      ),
    ),
  },
  { ...closed, examples: [{ accept: { sequence: 7 } }] },
);
export type Resume = Static<typeof Resume>;
