/** Settings of the export service: where subscriptions and exports may carry events to. */
import { defineConfig } from '@cadf-pipeline/service-kit';
import type { Config } from '@cadf-pipeline/service-kit';
import { checkExportJobSettings, exportJobSettings } from './exports/export-settings.ts';
import { checkKafkaSinkSettings, kafkaSinkSettings } from './kafka/kafka-settings.ts';
import { webhookSettings } from './webhook/webhook-settings.ts';

export const exportSettings = defineConfig({
  ...webhookSettings,
  ...kafkaSinkSettings,
  ...exportJobSettings,
});

/** What the settings must agree on; one sentence per fault. */
export function checkExportSettings(config: Config<typeof exportSettings>): readonly string[] {
  return [...checkKafkaSinkSettings(config), ...checkExportJobSettings(config)];
}
