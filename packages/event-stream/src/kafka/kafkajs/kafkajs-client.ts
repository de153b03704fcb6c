import type { KafkaClient } from '../client.ts';
import type { KafkaSettings } from '../options.ts';
export function createKafkajsClient(_settings: KafkaSettings): KafkaClient {
  throw new Error('later');
}
