/** The `cadf` command as a function, for programs that want to run it in their own process. */
export type { CommandContext, DefineCommand } from './command.ts';
export { loadCommands } from './command-registry.ts';
export { exitStatus } from './exit-status.ts';
export type { ExitStatus } from './exit-status.ts';
export { createOutput } from './output.ts';
export type { Output } from './output.ts';
export { runProgram } from './program.ts';
