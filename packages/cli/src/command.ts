import type { Command } from '@commander-js/extra-typings';
import type { ExitStatus } from './exit-status.ts';
import type { Output } from './output.ts';

/** What a command may use of the process it runs in. */
export interface CommandContext {
  readonly stdin: AsyncIterable<Buffer>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether stderr is a terminal: somebody may be watching. */
  readonly isTerminal: boolean;
  /** Whether stdout shows colours: it is a terminal, and nobody asked for none (https://no-color.org). */
  readonly color: boolean;
  /** Aborts at SIGINT or SIGTERM, which end the process at once only when they come again. */
  readonly interruption: () => AbortSignal;
  /** Says how the command ended. Not called means `ok`. */
  readonly end: (status: ExitStatus) => void;
}

/** Each file under commands/, here and in the services, exports one of these as `defineCommand`: it adds its command to the program. */
export type DefineCommand = (program: Command, context: CommandContext) => void;
