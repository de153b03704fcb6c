/** A client that asks the server but changes nothing: changes are shown as the messages they would be. */
import type { WbemClient } from './wbem-client.ts';
import { requestXml } from './write-operation.ts';

export function createDryRun(client: WbemClient, show: (message: string) => Promise<void>): WbemClient {
  let id = 0;
  return {
    async call(operation) {
      if (operation.method === 'EnumerateInstances') return client.call(operation);
      id++;
      await show(requestXml(operation, id));
      return { instances: [], names: [] };
    },
  };
}
