/** What versions there are: where clients of OpenStack services begin. */
export interface VersionData {
  readonly status: string;
  readonly id: string;
  readonly links: readonly { readonly href: string; readonly rel: string; readonly type?: string }[];
}

export function versionData(origin: string): VersionData {
  return {
    status: 'CURRENT',
    id: 'v1',
    links: [
      { href: `${origin}/v1/`, rel: 'self' },
      { href: `${origin}/docs`, rel: 'describedby', type: 'text/html' },
    ],
  };
}
