/** Addresses in documents of a provider: resolved against its baseURI, and never beyond the entry point's origin. */
import { CimiFailure } from './cimi-failure.ts';

/** Addresses are remembered, many thousands of a provider. */
const MAX_HREF = 1024;

/** The entry point's URL. Throws `CIMI_URL` for what is no http(s) URL, or carries a user's name or password. */
export function readEntryPointUrl(text: string): URL {
  if (!URL.canParse(text))
    throw new CimiFailure('CIMI_URL', 'The entry point is no URL. Give it as https://host/path.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new CimiFailure('CIMI_URL', `The entry point has the scheme ${url.protocol}. Give an https URL.`);
  if (url.username !== '' || url.password !== '')
    throw new CimiFailure('CIMI_URL', 'The entry point carries credentials. Name them in the settings.');
  url.hash = '';
  return url;
}

/** RFC 3986 §5.2 against `base`. Throws `CIMI_OTHER_ORIGIN` where it leads out of `origin`. */
export function resolveHref(href: string, base: URL, origin: string): URL {
  const text = href.trim();
  if (text.length > MAX_HREF || !URL.canParse(text, base.href))
    throw new CimiFailure(
      'CIMI_DOCUMENT',
      `A reference is no address (its start: ${text.slice(0, 80)}). Mend the provider.`,
    );
  const url = new URL(text, base);
  url.hash = '';
  if (url.origin !== origin || url.username !== '' || url.password !== '')
    throw new CimiFailure(
      'CIMI_OTHER_ORIGIN',
      `The provider refers to ${url.origin}, and only ${origin} is asked. Configure the entry point by the name its baseURI has.`,
    );
  return url;
}
