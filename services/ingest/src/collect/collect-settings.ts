/** Settings of collecting from CIMI providers. */
import { defineConfig } from '@cadf-pipeline/service-kit';
import type { Config } from '@cadf-pipeline/service-kit';
import { originOf, readCimiCredentials } from './provider-access.ts';

export const collectSettings = defineConfig({
  CADF_CIMI_PROVIDERS: {
    type: 'list',
    unit: 'origins, such as https://cloud-a.example',
    description:
      'CIMI providers that sources may name to be collected from (`poll`). Nothing else is ever asked.',
  },
  CADF_CIMI_CREDENTIALS: {
    type: 'secret',
    description:
      'How CIMI providers are asked, JSON by a name that sources use: `{"cloud-a": {"origin": "https://cloud-a.example", "basic": {"username": "u", "password": "p"}, "ca": "<PEM>"}}`; instead of `basic` also `"bearer": "<token>"` or `"certificate": {"cert": "<PEM>", "key": "<PEM>"}`; `ca` instead of the authorities of the system. Sent to that origin only; it is allowed as if CADF_CIMI_PROVIDERS named it. Without TLS only to loopback.',
    relation: 'with CADF_CIMI_PROVIDERS',
  },
});

/** What these settings must agree on; one sentence per fault. */
export function checkCollectSettings(config: Config<typeof collectSettings>): readonly string[] {
  const faults: string[] = [];
  for (const text of config.CADF_CIMI_PROVIDERS ?? [])
    if (originOf(text) === undefined)
      faults.push(
        `CADF_CIMI_PROVIDERS has ${JSON.stringify(text)}, expected an origin, such as https://cloud-a.example`,
      );
  const credentials = readCimiCredentials(config.CADF_CIMI_CREDENTIALS?.reveal());
  if ('fault' in credentials) faults.push(`CADF_CIMI_CREDENTIALS ${credentials.fault}`);
  return faults;
}
