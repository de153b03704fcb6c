/** The page at /docs/errors. */

import { escape, inline, page } from './docs-html.ts';
import { mergeErrors } from './errors-page.ts';
import type { ErrorTable } from './problem.ts';

/** The page of all errors; the anchor of each is its code. */
export function renderErrorsPage(title: string, tables: readonly ErrorTable[]): string {
  const rows = mergeErrors(tables)
    .map(
      (error) =>
        `<tr id="${escape(error.code)}"><td><code>${escape(error.code)}</code></td><td>${error.status}</td>` +
        `<td>${error.retryable ? 'yes' : 'no'}</td><td>${inline(error.title)}</td><td>${inline(error.hint)}</td></tr>`,
    )
    .join('');
  return page(
    `Errors of ${title}`,
    `<h1>Errors</h1><p><a href="/docs">All routes</a></p><table><thead><tr><th>code</th><th>status</th><th>retry</th>` +
      `<th>meaning</th><th>what to do</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}
