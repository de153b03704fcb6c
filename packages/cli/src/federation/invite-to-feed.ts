/** `cadf federation invite`. */
import Type from 'typebox';
import type { CommandContext } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import type { ServiceAccess } from '../service/ask-service.ts';
import { visible } from '../validate/visible.ts';
import { runFederation } from './run-federation.ts';

export interface InviteOptions extends ServiceAccess {
  readonly feed: string;
  /** Where the recipient reaches the service. */
  readonly at: string;
  readonly hours: number;
}

const Told = Type.Object({ invitation: Type.String({ pattern: '^[!-~]+$' }), expires: Type.String() });

export function inviteToFeed(
  { at, feed, hours, ...access }: InviteOptions,
  context: Pick<CommandContext, 'interruption' | 'stderr' | 'stdout'>,
): Promise<ExitStatus> {
  return runFederation(access, context, async (service) => {
    const told = await service.post(
      `/cadf/v1/feeds/${encodeURIComponent(feed)}/invitations`,
      { url: at.replace(/\/+$/, ''), seconds: Math.round(hours * 3600) },
      Told,
    );
    await context.stdout.write(`${told.invitation}\n`);
    await context.stderr.write(
      `It counts once, until ${visible(told.expires)}. The recipient runs: cadf federation accept -\n`,
    );
  });
}
