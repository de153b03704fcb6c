/** `cadf verify`: checks chains of signed segments. */
import { Option } from '@commander-js/extra-typings';
import type { DefineCommand } from '../command.ts';
import { verifyChains } from '../verify/verify-chains.ts';
import { verifyFormats } from '../verify/verify-reports.ts';

export const defineCommand: DefineCommand = (program, context) => {
  program
    .command('verify')
    .summary('check exports and feeds: signatures, content, that nothing is missing')
    .description(
      'Checks the signed segments of exports and feeds with public keys that you have: that nothing in them was changed, left out, put in another order or cut off at the end. Names the first fault. No key is fetched from anywhere.',
    )
    .argument('<place>', 'a directory with a chain, or with folders of chains; or the URL of a chain')
    .requiredOption(
      '-k, --key <file>',
      'the public keys: a JWK, a JWK set, the saved /.well-known/cadf-federation.json, or PEM',
    )
    .option(
      '--rotations <file>',
      'a later /.well-known/cadf-federation.json: keys that those of --key have handed over to are trusted, too',
    )
    .option('--chain <name>', 'the chain that it must be')
    .addOption(
      new Option(
        '--from-head <file>',
        'the head of an earlier verification: the chain must still go through it',
      ).conflicts('chain'),
    )
    .option('--only-new', 'begin behind that head', false)
    .option('--save-head <file>', 'where the head is written when all is good, for --from-head')
    .option('--api-key-file <file>', 'for a URL: a file whose first line is the API key of the server')
    .addOption(
      new Option('-f, --format <name>', 'how the result is shown').choices(verifyFormats).default('text'),
    )
    .option('-q, --quiet', 'show nothing: the exit status is the answer', false)
    .addHelpText(
      'after',
      '\nExit status: 0 all is good, 1 there is a fault, 2 wrong usage or something that cannot be read.',
    )
    .action(async (place, options, command) => {
      if (options.onlyNew && options.fromHead === undefined) {
        command.error('error: --only-new needs --from-head');
      }
      context.end(await verifyChains(place, options, context));
    });
};
