/** `npm start`: the whole pipeline in one process, its data under ./data. */
import { exitOnStartupFault } from '@cadf-pipeline/service-host';
import { welcome } from './welcome.ts';
import { runStandalone } from './standalone.ts';

const running = await exitOnStartupFault(runStandalone(process.env));
process.stderr.write(welcome(running));
