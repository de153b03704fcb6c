/** The types follow the service: made again from its document, they are what is written. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startService } from '../../../test/support/service.ts';
import { renderApiTypes } from '../test/api-types.ts';
import type { ApiDocument } from '../test/api-types.ts';

const generated = new URL('./api.generated.ts', import.meta.url);

test('the generated types are those of the service', async () => {
  const service = await startService();
  try {
    const document = (await (await service.fetch('/openapi.json')).json()) as ApiDocument;
    const expected = await renderApiTypes(document);
    if (process.env['CADF_UPDATE_DOCS'] === '1') writeFileSync(generated, expected);
    expect(readFileSync(generated, 'utf8')).toBe(expected);
  } finally {
    await service.stop();
    service.clean();
  }
}, 120_000);
