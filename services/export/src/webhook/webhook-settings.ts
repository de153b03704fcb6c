/** Settings of webhooks, and of every other sink that connects to where an owner says. */
import type { AddressRules } from '@cadf-pipeline/guarded-http';
import { defineConfig } from '@cadf-pipeline/service-kit';

export const webhookSettings = defineConfig({
  CADF_WEBHOOK_ALLOW_PRIVATE: {
    type: 'boolean',
    default: false,
    description:
      'Whether subscriptions may deliver to addresses that are not of the public internet (private, loopback, link-local and others), and by http. Metadata services of clouds are never delivered to.',
  },
});

/** As CADF_WEBHOOK_ALLOW_PRIVATE says. */
export function webhookRules(allowPrivate: boolean): AddressRules {
  return { allowPrivate, allowedBy: 'CADF_WEBHOOK_ALLOW_PRIVATE' };
}
