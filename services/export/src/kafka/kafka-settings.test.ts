import { expect, test } from 'vitest';
import { checkKafkaSinkSettings } from './kafka-settings.ts';

test.each([
  [undefined, true],
  ['audit.', true],
  ['audit.{tenant}.', true],
  ['{tenant}', true],
  ['', false],
  ['audit/', false],
  ['a{tenant}b{tenant}', false],
  ['{tenants}', false],
  ['cadf.', false],
  ['cadf.subscribers.', false],
  ['__', false],
])('the prefix %j is taken: %j', (prefix, isTaken) => {
  const faults = checkKafkaSinkSettings({ CADF_SUBSCRIPTION_TOPIC_PREFIX: prefix });
  expect(faults.length === 0).toBe(isTaken);
});
