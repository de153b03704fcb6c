/** `cadf wbem unsubscribe`: what it says and how it ends. */
import { exitStatus, visible } from '@cadf-pipeline/cli';
import type { CommandContext, ExitStatus } from '@cadf-pipeline/cli';
import { readConnection } from './caller-settings.ts';
import type { ConnectionOptions } from './caller-settings.ts';
import { createDryRun } from './dry-run.ts';
import { findInterop } from './interop.ts';
import { tellingFailure } from './told-failure.ts';
import { unsubscribe } from './unsubscribe.ts';
import { createWbemClient } from './wbem-client.ts';

export interface UnsubscribeOptions extends ConnectionOptions {
  readonly server: string;
  readonly name: string;
  readonly interop?: string | undefined;
  readonly dryRun: boolean;
}

export async function runUnsubscribe(
  options: UnsubscribeOptions,
  { stdout, stderr }: Pick<CommandContext, 'stdout' | 'stderr'>,
): Promise<ExitStatus> {
  return tellingFailure({ stderr }, async () => {
    const asking = createWbemClient(await readConnection(options.server, options));
    const client = options.dryRun ? createDryRun(asking, (message) => stdout.write(message)) : asking;
    const interop = await findInterop(asking, options.interop);
    let removed = 0;
    await unsubscribe(client, interop, options.name, async (what) => {
      removed++;
      await (options.dryRun ? stderr : stdout).write(
        `${options.dryRun ? 'to remove' : 'removed'}  ${visible(what)}\n`,
      );
    });
    if (removed === 0)
      await stderr.write(
        `nothing in ${interop.namespace} under the name ${options.name}: see cadf wbem list\n`,
      );
    return exitStatus.ok;
  });
}
