/** Runs one `cadf wbem` command: a server that refuses or cannot be reached is told, not thrown. */
import { exitStatus, visible } from '@cadf-pipeline/cli';
import type { CommandContext, ExitStatus } from '@cadf-pipeline/cli';
import { adviceFor } from './cim-status.ts';
import { WbemFailure } from './wbem-failure.ts';

export async function tellingFailure(
  { stderr }: Pick<CommandContext, 'stderr'>,
  run: () => Promise<ExitStatus>,
): Promise<ExitStatus> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof WbemFailure)) throw error;
    await stderr.write(`cadf: ${visible(error.message)} ${adviceFor(error.status)}`.trimEnd() + '\n');
    return exitStatus.unusable;
  }
}
