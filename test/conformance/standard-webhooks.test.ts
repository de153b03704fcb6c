/** Deliveries as the published libraries of Standard Webhooks, of npm and of PyPI, take them. */
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import type { WebhookFormat } from '@cadf-pipeline/control-state';
import { createWebhookSink } from '../../services/export/src/sinks/webhook-sink.ts';
import { makeBatch, makeKeys } from '../../services/export/src/webhook/outgoing-batch.test-support.ts';
import { startReceiver } from '../../packages/guarded-http/src/receiver.test-support.ts';
import type { Received } from '../../packages/guarded-http/src/receiver.test-support.ts';
import { pythonLibraryMissing, runPython } from '../support/python-library.ts';

const LIBRARY = { name: 'standardwebhooks', version: '1.1.0' };
const missing = await pythonLibraryMissing(LIBRARY);
if (missing !== undefined) {
  if (process.env['CI'] === 'true') throw new Error(`standardwebhooks of PyPI is needed: ${missing}`);
  process.stderr.write(`left out: webhooks as standardwebhooks of PyPI takes them (${missing})\n`);
}

/** Says of each delivery `taken` or why not. */
const VERIFY = `
import base64, json, sys
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
verdicts = []
for one in json.load(sys.stdin):
    try:
        Webhook(one["secret"]).verify(base64.b64decode(one["body"]), one["headers"], json_parse=False)
        verdicts.append("taken")
    except WebhookVerificationError as error:
        verdicts.append(str(error))
print(json.dumps(verdicts))
`;

interface Delivery {
  readonly secret: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

function verdictsOfPython(deliveries: readonly Delivery[]): unknown {
  const input = JSON.stringify(deliveries.map((one) => ({ ...one, body: one.body.toString('base64') })));
  return JSON.parse(runPython(LIBRARY, VERIFY, { input }));
}

function verdictsOfNpm(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries.map(({ secret, headers, body }) => {
    try {
      new Webhook(secret).verify(body, headers, { jsonParse: false });
      return 'taken';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  });
}

const old = makeKeys();
const fresh = makeKeys();

async function deliver(format: WebhookFormat): Promise<readonly Received[]> {
  const receiver = await startReceiver();
  const sink = createWebhookSink({
    url: receiver.url,
    format,
    keys: [fresh, { ...old, expiresMs: Date.now() + 60_000 }],
    rules: { allowPrivate: true },
  });
  onTestFinished(() => sink.close());
  await sink.send(makeBatch(['ä', '😀']), { number: 1 }, new AbortController().signal);
  return receiver.received;
}

async function deliveries(): Promise<readonly Delivery[]> {
  const formats = ['cadf-json', 'cadf-ndjson', 'cloudevents', 'cloudevents-batch'] as const;
  const received = (await Promise.all(formats.map(deliver))).flat();
  expect(received).toHaveLength(5);
  return received.flatMap(({ headers: all, body }) => {
    const headers = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
    return [
      { secret: fresh.secret, headers, body },
      { secret: old.secret, headers, body },
      { secret: makeKeys().secret, headers, body },
      { secret: fresh.secret, headers, body: Buffer.concat([body, Buffer.from(' ')]) },
      { secret: fresh.secret, headers: { ...headers, 'webhook-id': 'another' }, body },
      { secret: fresh.secret, headers: { ...headers, 'webhook-timestamp': '1674087231' }, body },
    ];
  });
}

const EXPECTED = Array.from({ length: 5 }, () => [
  'taken',
  'taken',
  'No matching signature found',
  'No matching signature found',
  'No matching signature found',
  'Message timestamp too old',
]).flat();

test('the library of npm takes deliveries of every format by each valid secret, and no changed one', async () => {
  expect(verdictsOfNpm(await deliveries())).toEqual(EXPECTED);
});

test.skipIf(missing !== undefined)('and so does the library of PyPI', async () => {
  expect(verdictsOfPython(await deliveries())).toEqual(EXPECTED);
});
