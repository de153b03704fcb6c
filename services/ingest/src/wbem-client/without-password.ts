/** URLs of destinations as they may be shown. */

/** With `…` in the place of a password; a text that is no URL, or has none, as it is. */
export function withoutPassword(url: string): string {
  const userinfo = /^[a-z][a-z0-9+.-]{0,20}:\/\/([^/?#@]{0,1000}):([^/?#]{0,1000})@/i.exec(url);
  if (userinfo === null) return url;
  const [whole, user = ''] = userinfo;
  return `${whole.slice(0, whole.indexOf('://'))}://${user}:…@${url.slice(whole.length)}`;
}
