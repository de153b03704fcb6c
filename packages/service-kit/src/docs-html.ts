/** What the pages at /docs are built of: plain HTML made on the server, no script, nothing from elsewhere. */

import { hash } from 'node:crypto';

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:64rem;margin:0 auto;padding:1.5rem}
code,pre{font-family:ui-monospace,monospace;font-size:.875em}
pre{overflow-x:auto;padding:.75rem;background:#8881;border-radius:.25rem;max-height:24rem}
h2{margin:2.5rem 0 .25rem}h4{margin:1rem 0 .25rem}
nav ul{columns:2;padding-left:1.25rem}
.operation{border-top:1px solid #8884}.operation>summary{padding:.5rem 0;cursor:pointer}
.operation>summary code{overflow-wrap:anywhere}
.operation>summary .about{display:block;padding-left:5.25rem}
.operation>div{padding:0 0 1rem 1rem}
.method{display:inline-block;min-width:4.5rem;margin-right:.5rem;font-weight:700}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8882}
td:first-child{white-space:nowrap}
@media(max-width:40rem){nav ul{columns:1}td:first-child{white-space:normal}.operation>summary .about{padding-left:1rem}}
`;

/** The CSP source that allows exactly the style of these pages. */
export const DOCS_STYLE_SOURCE = `sha256-${hash('sha256', STYLE, 'base64')}`;

/** Cells are HTML already. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = heads.map((name) => `<th>${name}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

export function page(title: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${escape(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`
  );
}

export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

export function entries(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

export function escape(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text of the API document: blank lines part paragraphs, backticks hold code. */
export function paragraphs(value: string): string {
  return value
    .split('\n\n')
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${inline(paragraph)}</p>`)
    .join('');
}

/** The same without paragraphs. */
export function inline(value: string): string {
  return value
    .split('`')
    .map((part, index) => (index % 2 === 0 ? escape(part) : `<code>${escape(part)}</code>`))
    .join('');
}
