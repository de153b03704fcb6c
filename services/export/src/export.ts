/** What carries events out, as a part of a process: managed subscriptions. */
import { appendOwnEvent } from '@cadf-pipeline/control-state';
import { createTailCursors } from '@cadf-pipeline/event-tail';
import { kafkaOptions } from '@cadf-pipeline/service-host';
import type { Host, ServicePart } from '@cadf-pipeline/service-host';
import type { exportSettings } from './config.ts';
import { createDelivery } from './delivery/delivery.ts';
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
  return {
    name: 'export',
    checks: {
      deliveries: () => ({ ok: delivery.trouble() === undefined, reason: delivery.trouble() ?? '' }),
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
        audit: (event, tenants) => appendOwnEvent(stream, event, tenants, now()),
      });
    },
    start: () => delivery.start(),
    stop: () => delivery.stop(),
  };
}
