/** `cadf federation accept`. */
import { readInvitation } from '@cadf-pipeline/federation';
import Type from 'typebox';
import type { CommandContext } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import { InputError } from '../input/input-error.ts';
import type { ServiceAccess } from '../service/ask-service.ts';
import { visible } from '../validate/visible.ts';
import { runFederation } from './run-federation.ts';

export interface AcceptOptions extends ServiceAccess {
  /** The text, or `-` for standard input. */
  readonly invitation: string;
  /** Of the import. */
  readonly name: string | undefined;
  /** For people, on both sides. */
  readonly called?: string | undefined;
  readonly tenants: readonly string[];
  readonly fixed: boolean;
  readonly every?: number | undefined;
}

const Made = Type.Object({ id: Type.String(), prefix: Type.String() });
const Identity = Type.Object({ issuer: Type.String() });
const MAX_CHARACTERS = 128 * 1024;

export function acceptInvitation(
  { called, every, fixed, invitation: given, name, tenants, ...access }: AcceptOptions,
  context: Pick<CommandContext, 'interruption' | 'stderr' | 'stdin' | 'stdout'>,
): Promise<ExitStatus> {
  return runFederation(access, context, async (service) => {
    const text = given === '-' ? await readAll(context.stdin) : given;
    const invitation = readInvitation(text);
    if (invitation === undefined)
      throw new InputError(
        'it is no invitation, or not the whole of one: one line that begins with `cadf-invitation.`',
      );
    // A deployment gets its name when it is asked for it: by it the provider knows what came from here.
    await service.get('/.well-known/cadf-federation.json', Identity).catch(() => undefined);
    const made = await service.post(
      '/cadf/v1/imports',
      {
        ...(name === undefined ? {} : { id: name }),
        ...(called === undefined ? {} : { name: called }),
        ...(tenants.length === 0 ? {} : { tenants }),
        ...(fixed ? { routing: 'fixed' } : {}),
        ...(every === undefined ? {} : { everySeconds: every }),
        from: { type: 'feed', invitation: text.trim() },
      },
      Made,
    );
    const { feed, issuer, keys, url } = invitation;
    await context.stdout.write(
      [
        `Accepted: the feed ${feed} of ${url} (${issuer}).`,
        `  import   ${made.id}: cadf federation list, or GET /cadf/v1/imports/${made.id}`,
        `  sources  ${made.prefix}, ${made.prefix}.<source at the provider>`,
        `  keys     ${keys.join(', ')}`,
        '',
      ]
        .map(visible)
        .join('\n'),
    );
  });
}

async function readAll(stdin: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const part of stdin) {
    text += part.toString('latin1');
    if (text.length > MAX_CHARACTERS) break;
  }
  return text;
}
