import { expect, test } from 'vitest';
import { detectForm, formOf } from './detect-form.ts';

test.each([
  ['one event', '{"id":"1"}', 'json'],
  ['one event and a line end', '{"id":"1"}\n', 'json'],
  ['a list in one line', '[{"id":"1"}]\n', 'json'],
  ['an indented event', '{\n  "id": "1"\n}\n', 'json'],
  ['a list with one event per line', '[\n{"id":"1"},\n{"id":"2"}\n]', 'json'],
  ['a list that begins in its first line', '[{"id":"1"},\n{"id":"2"}]', 'json'],
  ['an object around events', '{"events":[\n{"id":"1"}\n]}', 'json'],
  ['two records', '{"id":"1"}\n{"id":"2"}\n', 'ndjson'],
  ['records with carriage returns', '{"id":"1"}\r\n{"id":"2"}\r\n', 'ndjson'],
  ['records between blank lines', '\n\n{"id":"1"}\n\n{"id":"2"}', 'ndjson'],
  ['a first record with a stray comma', '{"id":"1",}\n{"id":"2"}', 'ndjson'],
  ['a first record cut off in a member', '{"id":"1","a":{"b\n{"id":"2"}', 'ndjson'],
  ['a first record cut off after a value', '{"id":"1"\n{"id":"2"}', 'ndjson'],
  ['a first line that is no JSON', '# events\n{"id":"1"}', 'ndjson'],
  ['records with record separators', '\u001e{"id":"1"}\n', 'ndjson'],
  ['brackets inside strings', '{"id":"}{"}\n{"id":"\\""}', 'ndjson'],
  ['XML', '<?xml version="1.0"?>\n<event/>', 'xml'],
  ['XML behind a byte order mark and blanks', '\ufeff \n<event/>', 'xml'],
  ['nothing', '', 'json'],
  ['blanks', ' \n\n', 'json'],
  ['a text of no known form', 'hello\nworld', 'json'],
])('%s', (_name, text, form) => {
  expect(formOf(Buffer.from(text), true, 'file')).toBe(form);
});

test('the name decides where the first line is cut off after a comma', () => {
  const text = Buffer.from('{"id":"1",\n{"id":"2"}\n');
  expect(formOf(text, true, 'events.json')).toBe('json');
  expect(formOf(text, true, 'events.ndjson')).toBe('ndjson');
  expect(formOf(text, true, 'events.jsonl.gz')).toBe('ndjson');
});

test('however the input is cut into chunks, the form is the same and nothing of it is lost', async () => {
  for (const text of ['{"id":"1"}\n{"id":"2"}\n', '{\n"id":"1"\n}', '\n\n<event/>', '']) {
    for (const size of [1, 2, 3, 1000]) {
      const { form, chunks } = await detectForm(chunked(text, size), 'file');
      expect(form).toBe(formOf(Buffer.from(text), true, 'file'));
      const read: Buffer[] = [];
      for await (const chunk of chunks) read.push(chunk);
      expect(Buffer.concat(read).toString()).toBe(text);
    }
  }
});

async function* chunked(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
