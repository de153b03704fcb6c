/** The page at /docs: every operation of the API document, by chapter, to be opened one by one. */

import { entries, escape, inline, list, member, page, paragraphs, table, text } from './docs-html.ts';

/** The page of all routes, from an OpenAPI document. */
export function renderApiPage(document: unknown): string {
  const info = member(document, 'info');
  const title = text(member(info, 'title'));
  const chapters = list(member(document, 'tags')).map((tag) => ({
    name: text(member(tag, 'name')),
    description: text(member(tag, 'description')),
  }));
  const operations = entries(member(document, 'paths')).flatMap(([path, methods]) =>
    entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const contents = chapters.map(({ name }) => `<li><a href="#${anchorOf(name)}">${escape(name)}</a></li>`);
  const body = chapters.map(({ description, name }) => {
    const own = operations.filter(({ operation }) => text(list(member(operation, 'tags'))[0]) === name);
    return (
      `<h2 id="${anchorOf(name)}">${escape(name)}</h2>${paragraphs(description)}` +
      own.map(({ method, operation, path }) => renderOperation(method, path, operation)).join('')
    );
  });
  return page(
    title,
    `<h1>${escape(title)} <small>${escape(text(member(info, 'version')))}</small></h1>` +
      paragraphs(text(member(info, 'description'))) +
      '<p>For programs: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1). All problems: <a href="/docs/errors">/docs/errors</a>.</p>' +
      `<nav><ul>${contents.join('')}</ul></nav>${body.join('')}`,
  );
}

function anchorOf(name: string): string {
  return encodeURIComponent(name.toLowerCase().replaceAll(' ', '-'));
}

function renderOperation(method: string, path: string, operation: unknown): string {
  const parameters = list(member(operation, 'parameters')).map((parameter) => {
    const schema = member(parameter, 'schema');
    const example = shown(member(parameter, 'example'));
    return [
      `<code>${escape(text(member(parameter, 'name')))}</code>`,
      `${escape(text(member(parameter, 'in')))}${member(parameter, 'required') === true ? ', needed' : ''}`,
      escape(describeType(schema)),
      inline(text(member(parameter, 'description')) || text(member(schema, 'description'))) +
        (example === '' ? '' : ` Example: <code>${escape(example)}</code>`),
    ];
  });
  const bodies = entries(member(member(operation, 'requestBody'), 'content'));
  const responses = entries(member(operation, 'responses'));
  return (
    `<details class="operation" id="${escape(text(member(operation, 'operationId')))}">` +
    `<summary><span class="method">${escape(method.toUpperCase())}</span><code>${escape(path)}</code> ` +
    `<span class="about">${inline(text(member(operation, 'summary')))}</span></summary>` +
    `<div>${paragraphs(text(member(operation, 'description')))}` +
    (parameters.length === 0
      ? ''
      : `<h4>Parameters</h4>${table(['name', 'in', 'type', 'meaning'], parameters)}`) +
    (bodies.length === 0 ? '' : `<h4>Body</h4>${renderExamples(bodies)}`) +
    `<h4>Answers</h4>${table(['status', 'meaning'], responses.map(renderAnswer))}` +
    renderExamples(responses.filter(([status]) => /^[123]/.test(status)).flatMap(contentOf)) +
    '</div></details>'
  );
}

function contentOf([, response]: readonly [string, unknown]): readonly [string, unknown][] {
  return entries(member(response, 'content'));
}

/** What a status means; of problems their codes, each with the way to its explanation. */
function renderAnswer([status, response]: readonly [string, unknown]): readonly string[] {
  const problem = member(member(response, 'content'), 'application/problem+json');
  const codes = entries(member(problem, 'examples')).map(
    ([code]) => `<a href="/docs/errors#${escape(code)}"><code>${escape(code)}</code></a>`,
  );
  return [
    `<code>${escape(status)}</code>`,
    codes.length === 0 ? inline(text(member(response, 'description'))) : codes.join(', '),
  ];
}

/** By media type the first example, or what its schema says. */
function renderExamples(content: readonly (readonly [string, unknown])[]): string {
  return content
    .map(([type, media]) => {
      const [first] = entries(member(media, 'examples'));
      const example = shown(member(media, 'example') ?? member(first?.[1], 'value'));
      const about = text(member(member(media, 'schema'), 'description'));
      return (
        `<details><summary><code>${escape(type)}</code> ${inline(about)}</summary>` +
        `<pre>${escape(example)}</pre></details>`
      );
    })
    .join('');
}

function shown(example: unknown): string {
  if (Array.isArray(example) && example.every((item) => typeof item === 'string')) return example.join(', ');
  return typeof example === 'object' && example !== null ? JSON.stringify(example, null, 2) : text(example);
}

/** As a person reads it: `string`, `asc | desc`, `integer 1–1000 | all`. */
function describeType(schema: unknown): string {
  const alternatives = list(member(schema, 'anyOf'));
  if (alternatives.length > 0) return alternatives.map(describeType).join(' | ');
  const choices = list(member(schema, 'enum')).map(text);
  const fallback = member(schema, 'default');
  const type = text(member(schema, 'format')) || text(member(schema, 'type')) || 'any';
  const [least, most] = [text(member(schema, 'minimum')), text(member(schema, 'maximum'))];
  const range = least !== '' && most !== '' ? ` ${least}–${most}` : '';
  return (
    (choices.length > 0
      ? choices.join(' | ')
      : type === 'array'
        ? `list of ${describeType(member(schema, 'items'))}`
        : type + range) + (fallback === undefined ? '' : `, default ${text(fallback)}`)
  );
}
