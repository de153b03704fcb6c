import type { CommandContext } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import type { ExitStatus } from '../exit-status.ts';
import { InputError } from '../input/input-error.ts';
import { askService } from '../service/ask-service.ts';
import type { AskedService, ServiceAccess } from '../service/ask-service.ts';
import { visible } from '../validate/visible.ts';

/** Runs what asks the service; refusals are told on stderr, and end with `unusable`. */
export async function runFederation(
  access: ServiceAccess,
  { interruption, stderr }: Pick<CommandContext, 'interruption' | 'stderr'>,
  work: (service: AskedService) => Promise<void>,
): Promise<ExitStatus> {
  const signal = interruption();
  try {
    await work(askService(access, signal));
    return exitStatus.ok;
  } catch (error) {
    if (!signal.aborted && !(error instanceof InputError)) throw error;
    const message = error instanceof InputError ? error.message : 'interrupted';
    await stderr.write(`cadf federation: ${message.split('\n').map(visible).join('\n')}\n`);
    return exitStatus.unusable;
  }
}
