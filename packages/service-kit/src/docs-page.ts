/** The pages at /docs: plain HTML made on the server, no script, nothing from elsewhere. */

import { hash } from 'node:crypto';

import { mergeErrors } from './errors-page.ts';
import type { ErrorTable } from './problem.ts';

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:0 auto;padding:1.5rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}
section{border-top:1px solid #8884;padding:.5rem 0 1rem}
h3{margin:.5rem 0}.method{font-weight:700;margin-right:.5rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8882}
`;

/** The CSP source that allows exactly the style of these pages. */
export const DOCS_STYLE_SOURCE = `sha256-${hash('sha256', STYLE, 'base64')}`;

/** The page of all routes, from an OpenAPI document. */
export function renderApiPage(document: unknown): string {
  const info = member(document, 'info');
  const title = text(member(info, 'title'));
  const groups = new Map<string, string[]>();
  for (const [path, methods] of entries(member(document, 'paths'))) {
    for (const [method, operation] of entries(methods)) {
      const tag = text(list(member(operation, 'tags'))[0]) || 'other';
      groups.set(tag, [...(groups.get(tag) ?? []), renderOperation(method, path, operation)]);
    }
  }
  const body = [...groups]
    .map(([tag, operations]) => `<h2>${escape(tag)}</h2>${operations.join('')}`)
    .join('');
  return page(
    title,
    `<h1>${escape(title)} <small>${escape(text(member(info, 'version')))}</small></h1>` +
      '<p>Machine-readable: <a href="/openapi.json">/openapi.json</a>. Errors: <a href="/docs/errors">/docs/errors</a>.</p>' +
      body,
  );
}

/** The page of all errors; the anchor of each is its code. */
export function renderErrorsPage(title: string, tables: readonly ErrorTable[]): string {
  const rows = mergeErrors(tables)
    .map(
      (error) =>
        `<tr id="${escape(error.code)}"><td><code>${escape(error.code)}</code></td><td>${error.status}</td>` +
        `<td>${error.retryable ? 'yes' : 'no'}</td><td>${escape(error.title)}</td><td>${escape(error.hint)}</td></tr>`,
    )
    .join('');
  return page(
    `Errors of ${title}`,
    `<h1>Errors</h1><p><a href="/docs">All routes</a></p><table><thead><tr><th>code</th><th>status</th><th>retry</th>` +
      `<th>meaning</th><th>what to do</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function renderOperation(method: string, path: string, operation: unknown): string {
  const parameters = list(member(operation, 'parameters')).map((parameter) => {
    const schema = member(parameter, 'schema');
    return [
      `<code>${escape(text(member(parameter, 'name')))}</code>`,
      escape(text(member(parameter, 'in'))),
      escape(describeType(schema)),
      escape(text(member(parameter, 'description')) || text(member(schema, 'description'))),
    ];
  });
  const types = entries(member(member(operation, 'requestBody'), 'content')).map(([type]) => escape(type));
  const responses = entries(member(operation, 'responses')).map(([status, response]) => [
    `<code>${escape(status)}</code>`,
    escape(text(member(response, 'description'))),
  ]);
  return (
    `<section><h3><span class="method">${escape(method.toUpperCase())}</span><code>${escape(path)}</code></h3>` +
    `<p>${escape(text(member(operation, 'summary')))}</p>` +
    `<p>${escape(text(member(operation, 'description')))}</p>` +
    table(['parameter', 'in', 'type', 'meaning'], parameters) +
    (types.length === 0 ? '' : `<p>Body: ${types.map((type) => `<code>${type}</code>`).join(', ')}</p>`) +
    table(['answer', 'meaning'], responses) +
    '</section>'
  );
}

function describeType(schema: unknown): string {
  const choices = list(member(schema, 'enum')).map(text);
  const fallback = member(schema, 'default');
  return (
    (choices.length > 0 ? choices.join(' | ') : text(member(schema, 'type')) || 'any') +
    (fallback === undefined ? '' : `, default ${text(fallback)}`)
  );
}

/** Cells are HTML already. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = heads.map((name) => `<th>${name}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function page(title: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${escape(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`
  );
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function entries(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function escape(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
