/** The `cadf` command as a function, for programs that want to run it in their own process. */
export { InvalidArgumentError } from '@commander-js/extra-typings';
export type { CommandContext, DefineCommand } from './command.ts';
export { loadCommands } from './command-registry.ts';
export { exitStatus } from './exit-status.ts';
export type { ExitStatus } from './exit-status.ts';
export { createOutput } from './output.ts';
export type { Output } from './output.ts';
export { runProgram } from './program.ts';
export { InputError } from './input/input-error.ts';
export { openInput } from './input/open-input.ts';
export { putBack } from './input/put-back.ts';
export type { Chunks } from './input/put-back.ts';
export { readDocument } from './input/read-document.ts';
export { visible } from './validate/visible.ts';
