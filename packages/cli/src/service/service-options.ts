/** Where the service is and with which key it is asked: the same options of every command that talks to it. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { toInputError } from '../input/input-error.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080';

export function urlOption() {
  return new Option('--url <url>', 'where the service is')
    .env('CADF_URL')
    .default(DEFAULT_URL)
    .argParser(httpUrl);
}

/** `role`: what the key needs. */
export function keyOption(role: string) {
  return new Option(
    '--key <key>',
    `API key with the role ${role}; others on this machine may see it, so better`,
  ).env('CADF_KEY');
}

export function keyFileOption() {
  return new Option('--key-file <file>', 'a file with the key in its first line');
}

/** The key that was given, in whichever way; `fail` is told where there is none. */
export function givenKey(
  { key: given, keyFile }: { readonly key?: string | undefined; readonly keyFile?: string | undefined },
  fail: (message: string) => never,
): string {
  const key = keyFile === undefined ? given : firstLine(keyFile, fail);
  return key === undefined || key === '' ? fail('error: no key: set CADF_KEY, or give --key-file') : key;
}

export function httpUrl(text: string): string {
  if (!/^https?:\/\/./.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError('It must be an http:// or https:// URL.');
  }
  return text;
}

function firstLine(file: string, fail: (message: string) => never): string {
  try {
    return (readFileSync(file, 'utf8').split('\n')[0] ?? '').trim();
  } catch (error) {
    const reason = toInputError(error);
    return fail(`error: ${file}: ${reason instanceof Error ? reason.message : String(reason)}`);
  }
}
