/** `GET /cadf/v1/sources`: who sends, how its records end, and what nobody has mapped. */
import type { ControlState, SourceDefinition } from '@cadf-pipeline/control-state';
import { principalOf } from '@cadf-pipeline/service-kit';
import { noActivity } from '@cadf-pipeline/source-activity';
import type { ActivityReader } from '@cadf-pipeline/source-activity';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { visibleSources } from '../visible-sources.ts';

export interface SourceRoutesDependencies {
  readonly state: ControlState;
  readonly activity: ActivityReader;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

const MAX_LISTED = 20;

const Count = Type.Integer({ minimum: 0 });
const SUMMARY = {
  id: 'kvm-1',
  type: 'libvirt-audit',
  name: 'KVM host 1',
  registered: true,
  tenants: ['project-a'],
  records: { accepted: 4100, duplicate: 3, rejected: 0, deadLettered: 1, ignored: 210 },
  lastSeen: '2026-11-01T12:00:00.000Z',
  unmapped: 41,
  unmappedRate: 0.01,
  topUnmapped: [{ operation: 'VIRT_MIGRATE', count: 41 }],
  ignoredByRule: [{ rule: 'login', count: 210 }],
  silentAfterSeconds: 3600,
  silent: false,
};

const SourceSummary = Type.Object({
  id: Type.String(),
  type: Type.String({ description: '`cadf` for one that is not registered.' }),
  name: Type.Optional(Type.String()),
  registered: Type.Boolean(),
  tenants: Type.Optional(Type.Array(Type.String())),
  records: Type.Object(
    { accepted: Count, duplicate: Count, rejected: Count, deadLettered: Count, ignored: Count },
    { description: 'Each record that came in is in one of these.' },
  ),
  lastSeen: Type.Optional(Type.String({ description: 'When its last record came; RFC 3339, ms.' })),
  lastPoll: Type.Optional(
    Type.Object(
      {
        at: Type.String({ description: 'RFC 3339, ms.' }),
        trouble: Type.Optional(
          Type.String({ description: 'What could not be had, and why; left out: nothing.' }),
        ),
      },
      { description: 'How its provider was last collected from; of sources with `poll`.' },
    ),
  ),
  unmapped: Type.Integer({ description: 'Records taken whose operation no rule of the source knows.' }),
  unmappedRate: Type.Number({ description: '`unmapped` by accepted and duplicate; 0 to 1.' }),
  topUnmapped: Type.Array(Type.Object({ operation: Type.String(), count: Count })),
  ignoredByRule: Type.Array(Type.Object({ rule: Type.String(), count: Count })),
  silentAfterSeconds: Type.Optional(Type.Integer()),
  silent: Type.Optional(Type.Boolean({ description: 'Quiet for longer than it may be.' })),
});

export function sourceRoutes(app: FastifyInstance, { activity, now, state }: SourceRoutesDependencies): void {
  app.get(
    '/cadf/v1/sources',
    {
      config: { role: ['admin', 'query'] },
      schema: {
        tags: ['sources'],
        summary: 'List the sources the caller may see, with how their records ended',
        description:
          'A caller bound to tenants sees the sources all of whose tenants it reaches; one that reaches all tenants sees every source, registered or not. Counts are of all intake processes together, at most a second old.',
        response: {
          200: Type.Object(
            { sources: Type.Array(SourceSummary) },
            { description: 'The sources', examples: [{ sources: [SUMMARY] }] },
          ),
        },
      },
    },
    (request) => {
      const visible = visibleSources(principalOf(request), state, activity);
      return {
        sources: visible.map(({ id, registered }) =>
          summaryOf(id, registered?.entity, registered?.version ?? 0, activity, now()),
        ),
      };
    },
  );
}

function summaryOf(
  id: string,
  definition: SourceDefinition | undefined,
  version: number,
  activity: ActivityReader,
  nowMs: number,
): Static<typeof SourceSummary> {
  const { endings, ignoredByRule, lastPoll, lastSeenMs, unmapped, unmappedOperations } =
    activity.get(id) ?? noActivity;
  const taken = endings.accepted + endings.duplicate;
  const quietMs = nowMs - Math.max(lastSeenMs, version);
  const silentAfter = definition?.silentAfterSeconds;
  return {
    id,
    type: definition?.type ?? 'cadf',
    registered: definition !== undefined,
    ...(definition === undefined ? {} : { name: definition.name }),
    ...(definition?.tenants === undefined ? {} : { tenants: definition.tenants }),
    records: {
      accepted: endings.accepted,
      duplicate: endings.duplicate,
      rejected: endings.rejected,
      deadLettered: endings['dead-lettered'],
      ignored: endings.ignored,
    },
    ...(lastSeenMs === 0 ? {} : { lastSeen: new Date(lastSeenMs).toISOString() }),
    ...(lastPoll === undefined || definition?.poll === undefined
      ? {}
      : {
          lastPoll: {
            at: new Date(lastPoll.atMs).toISOString(),
            ...(lastPoll.trouble === undefined ? {} : { trouble: lastPoll.trouble }),
          },
        }),
    unmapped,
    unmappedRate: taken === 0 ? 0 : unmapped / taken,
    topUnmapped: top(unmappedOperations).map(([operation, count]) => ({ operation, count })),
    ignoredByRule: top(ignoredByRule).map(([rule, count]) => ({ rule, count })),
    ...(silentAfter === undefined
      ? {}
      : { silentAfterSeconds: silentAfter, silent: quietMs > silentAfter * 1000 }),
  };
}

function top(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MAX_LISTED);
}
