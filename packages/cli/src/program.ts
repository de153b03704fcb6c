/** The `cadf` command line: its commands, its help, and the exit status of one run. */
import { Command, CommanderError } from '@commander-js/extra-typings';
import manifest from '../package.json' with { type: 'json' };
import type { CommandContext, DefineCommand } from './command.ts';
import { exitStatus } from './exit-status.ts';
import type { ExitStatus } from './exit-status.ts';

/** Runs one command line (without `node` and the script). Answers the exit status; throws on a fault of the program itself. */
export async function runProgram(
  commandLine: readonly string[],
  commands: readonly DefineCommand[],
  io: Omit<CommandContext, 'end'>,
): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.ok;
  const messages: Promise<void>[] = [];
  const program = new Command('cadf')
    .description('Work with CADF audit events (DMTF DSP0262).')
    .version(manifest.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => messages.push(io.stdout.write(text)),
      writeErr: (text) => messages.push(io.stderr.write(text)),
    });
  const context: CommandContext = { ...io, end: (given) => (status = given) };
  for (const define of commands) define(program, context);
  try {
    await program.parseAsync([...commandLine], { from: 'user' });
  } catch (error) {
    // Help and version end here too, with exit code 0; everything else of this kind is wrong usage.
    if (!(error instanceof CommanderError)) throw error;
    status = error.exitCode === 0 ? exitStatus.ok : exitStatus.unusable;
  } finally {
    await Promise.all(messages);
    await io.stdout.flush();
    await io.stderr.flush();
  }
  return status;
}
