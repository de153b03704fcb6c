/** A saved query as it is written and shown. */
import { SavedQuery, savedQueryContent } from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import type { Static } from 'typebox';

const example = {
  name: 'What somebody failed to do',
  description: 'For the weekly review',
  filter: "outcome = 'failure' and initiator/name in :who and eventTime >= :since",
  parameters: [
    { name: 'who', type: 'text', list: true, description: 'Names of users' },
    { name: 'since', type: 'time', default: '2026-11-01T00:00:00Z' },
  ],
  fields: ['eventTime', 'action', 'initiator/name', 'target/name'],
  limit: 1000,
  sharing: 'tenant',
} as const;

export const SavedQueryBody = Type.Object(savedQueryContent, {
  additionalProperties: false,
  examples: [example],
});
export type SavedQueryBody = Static<typeof SavedQueryBody>;

/** As it is answered. */
export const savedQueryExample = {
  id: '0d0c9f1e-3f0e-4a58-9b43-6a8f6a5b8b0e',
  ...example,
  owner: { kind: 'key', id: '0123456789ab', name: 'Ada' },
  mine: true,
  created: '2026-11-01T12:00:00.000Z',
  changed: '2026-11-01T12:00:00.000Z',
  version: 1_793_534_400_000,
} as const;

const { created, id, owner } = SavedQuery.properties;
export const SavedQueryView = Type.Object(
  {
    id,
    ...savedQueryContent,
    owner,
    mine: Type.Boolean({ description: 'Whether the caller owns it, and so may change it' }),
    created,
    changed: Type.String({ description: 'RFC 3339, ms' }),
    version: Type.Integer({ description: 'The ETag' }),
  },
  {
    description: 'The saved query',
    examples: [savedQueryExample],
  },
);
export type SavedQueryView = Static<typeof SavedQueryView>;
