/** A simulated cloud and a client of it, closed when the test ends. */
import { onTestFinished } from 'vitest';
import { startCimiProvider } from '../../../../test/support/cimi-provider.ts';
import type { CimiProvider, CimiProviderOptions } from '../../../../test/support/cimi-provider.ts';
import { createCimiClient } from './cimi-client.ts';
import type { CimiClient, CimiClientOptions } from './cimi-client.ts';

export async function cloud(
  options: CimiProviderOptions = {},
  client: Partial<CimiClientOptions> = {},
): Promise<{ readonly provider: CimiProvider; readonly client: CimiClient; readonly waits: number[] }> {
  const provider = await startCimiProvider(options);
  const waits: number[] = [];
  const made = createCimiClient({
    url: provider.url,
    auth: { kind: 'none' },
    random: () => 0.5,
    wait: async (ms) => void waits.push(ms),
    ...client,
  });
  onTestFinished(async () => {
    made.close();
    await provider.close();
  });
  return { provider, client: made, waits };
}
