import type { Command } from '@commander-js/extra-typings';
import type { ExitStatus } from './exit-status.ts';
import type { Output } from './output.ts';

/** What a command may use of the process it runs in. */
export interface CommandContext {
  readonly stdin: AsyncIterable<Buffer>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Says how the command ended. Not called means `ok`. */
  readonly end: (status: ExitStatus) => void;
}

/** Each file under commands/ exports one of these as `defineCommand`: it adds its command to the program. */
export type DefineCommand = (program: Command, context: CommandContext) => void;
