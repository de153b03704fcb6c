/** Raw records of a source, whichever way they came in: the normalizer they need, and making the outcomes durable. */
import type { ResolvedSource, TenantRouter } from '@cadf-pipeline/control-state';
import type { PipelineMetrics, Principal } from '@cadf-pipeline/service-kit';
import type { ActivityRecorder } from '@cadf-pipeline/source-activity';
import { TimeZoneError } from '../normalize/local-clock.ts';
import type { SourceRegistry } from '../source-registry.ts';
import type { Normalizer, Outcome, Source } from '../source.ts';
import { eventTenants } from '../submission/event-tenants.ts';
import { buryAll } from './bury-all.ts';
import { takeOutcomes } from './take-outcomes.ts';
import type { RecordEnd, TakeDependencies } from './take-outcomes.ts';

export interface RecordIntakeDependencies extends TakeDependencies {
  readonly router: TenantRouter;
  readonly sources: SourceRegistry;
  readonly metrics: PipelineMetrics;
  readonly activity: ActivityRecorder;
  readonly maskTokens: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Whose records they are. */
export interface RecordOrigin {
  readonly source: ResolvedSource;
  /** The tenants the submitter may route to. */
  readonly reach: Pick<Principal, 'tenants'>;
  readonly submitter: string;
  /** When they came in, ms since 1970 UTC; default now. */
  readonly receivedMs?: number;
  /** True: what fails again is only told, its dead letter is still there. */
  readonly isReplay?: boolean;
}

export interface RecordIntake {
  /**
   * `file`: base name of the file the records are from, where there is one. Where the settings name no time zone,
   * its outcomes are dead letters (SOURCE_TIMEZONE_UNKNOWN).
   */
  normalizerFor(source: Source, resolved: ResolvedSource, file?: string): Normalizer;
  /** Makes outcomes durable and counts them; one end per record. Throws what `EventStream.append` throws. */
  take(outcomes: readonly Outcome[], origin: RecordOrigin): Promise<readonly RecordEnd[]>;
}

/** Records of a log are checked by `strict`: the events are made here. Native events by what their source asks for. */
const NORMALIZED_PROFILE = 'strict';

export function createRecordIntake(dependencies: RecordIntakeDependencies): RecordIntake {
  const { activity, metrics, maskTokens, now, router, sources } = dependencies;
  return {
    normalizerFor(source, { id, definition }, file) {
      const options = Object.fromEntries(
        Object.entries(definition?.settings ?? {}).flatMap(([name, value]) =>
          typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
            ? [[name, String(value)]]
            : [],
        ),
      );
      const host = options['host'];
      const context = {
        sourceName: id,
        options,
        ...(host === undefined ? {} : { host }),
        ...(file === undefined ? {} : { file }),
      };
      try {
        return source.createNormalizer(context);
      } catch (error) {
        if (error instanceof TimeZoneError) return buryAll(error.code, error.message);
        throw error;
      }
    },
    async take(outcomes, { source, reach, submitter, receivedMs = now(), isReplay = false }) {
      const isNormalized = sources.get(source.type) !== undefined;
      const profile = isNormalized ? NORMALIZED_PROFILE : (source.definition?.profile ?? 'openstack');
      const ends = await takeOutcomes(
        outcomes,
        {
          facts: { source: source.id, sourceType: source.type, submitter, profile, receivedMs },
          rules: {
            profile,
            source: source.id,
            maskTokens,
            tenantsOf: eventTenants(router.finderFor(source, reach)),
          },
          letterTenants: reach.tenants === '*' ? [] : reach.tenants,
          bury: !isReplay,
        },
        dependencies,
      );
      for (const { status, code } of ends) {
        metrics.ended(status, source.id, 1);
        activity.ended(source.id, status, 1);
        if (status === 'ignored') activity.ignoredBy(source.id, code ?? '');
      }
      for (const outcome of outcomes) {
        if (outcome.kind !== 'event' || !outcome.rule.startsWith('unmapped')) continue;
        for (const _ of outcome.records) activity.unmapped(source.id, outcome.event.name ?? outcome.rule);
      }
      return ends;
    },
  };
}
