/** What carries events out, as a part of a process: managed subscriptions and exports. */
import { appendOwnEvent } from '@cadf-pipeline/control-state';
import type { Audit } from '@cadf-pipeline/control-state';
import { createTailCursors } from '@cadf-pipeline/event-tail';
import { kafkaOptions } from '@cadf-pipeline/service-host';
import type { Host, ServicePart } from '@cadf-pipeline/service-host';
import type { exportSettings } from './config.ts';
import { createDelivery } from './delivery/delivery.ts';
import { createExportJobs } from './exports/export-jobs.ts';
import { createFeedService } from './feeds/feed-service.ts';
import { createFederationIdentity } from './identity/federation-identity.ts';
import { identityRoutes } from './identity/identity-routes.ts';
import { subscriptionApi } from './routes/subscription-api.ts';
import { openSink } from './sinks/open-sink.ts';
import { createRights } from './subscription/rights.ts';
import { createSecretBox, SECRETS_PURPOSE } from './subscription/secret-box.ts';
import { webhookRules } from './webhook/webhook-settings.ts';

export function createExport(host: Host<typeof exportSettings>): ServicePart {
  const { config, logger, metrics, now, signingSecret, state, stream, tail } = host;
  const rules = webhookRules(config.CADF_WEBHOOK_ALLOW_PRIVATE);
  const topicPrefix = config.CADF_SUBSCRIPTION_TOPIC_PREFIX;
  // The same in the query service: a cursor of one goes on in the other.
  const cursors = createTailCursors(signingSecret('tail cursors'));
  const box = createSecretBox(signingSecret(SECRETS_PURPOSE));
  const rights = createRights(state, now);
  const sinks = { box, rules, topicPrefix, ownCluster: kafkaOptions(config), now };
  const delivery = createDelivery({
    stream,
    state,
    tail,
    cursors,
    rights,
    openSink: (subscription) => openSink(sinks, subscription),
    registry: metrics.registry,
    logger,
    now,
  });
  const audit: Audit = (event, tenants) => appendOwnEvent(stream, event, tenants, now());
  const identity = createFederationIdentity({ state, box, audit, now });
  const jobs = createExportJobs({ host, box, identity, audit });
  const feeds = createFeedService({ host, box, identity, audit });
  return {
    name: 'export',
    checks: {
      deliveries: () => ({ ok: delivery.trouble() === undefined, reason: delivery.trouble() ?? '' }),
      feeds: () => ({ ok: feeds.trouble() === undefined, reason: feeds.trouble() ?? '' }),
      exports: async () => {
        const reason = await jobs.trouble();
        return { ok: reason === undefined, reason: reason ?? '' };
      },
    },
    routes(app) {
      subscriptionApi(app, {
        state,
        tail,
        cursors,
        box,
        rights,
        receivers: { ...rules, ...(topicPrefix === undefined ? {} : { ownTopicPrefix: topicPrefix }) },
        delivery,
        now,
        audit,
      });
      identityRoutes(app, { state, audit, now }, identity);
      jobs.routes(app);
      feeds.routes(app);
    },
    async start() {
      await delivery.start();
      await jobs.start();
      await feeds.start();
    },
    async stop() {
      await Promise.all([feeds.stop(), jobs.stop(), delivery.stop()]);
    },
  };
}
