/** Two query processes on a real broker: what one saves, the other runs. */
import { createKafkaStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { afterAll, expect, test } from 'vitest';
import { kafkaOrSkip } from '../../../../test/support/kafka.ts';
import { startSavedQueryApps } from './saved-query-app.test-support.ts';

const kafka = await kafkaOrSkip();
const streams: EventStream[] = [];

afterAll(async () => {
  await Promise.all(streams.map((stream) => stream.close()));
  await kafka?.stop();
});

function connect(): EventStream {
  const stream = createKafkaStream({ brokers: kafka?.brokers ?? [] });
  streams.push(stream);
  return stream;
}

test.skipIf(kafka === undefined)(
  'what is saved by one process is run, changed and deleted by another',
  { timeout: 90_000 },
  async () => {
    const apps = await startSavedQueryApps([connect(), connect()], {
      ada: { tenants: ['a'] },
      stranger: { tenants: ['b'] },
    });
    try {
      const query = {
        name: 'By name',
        filter: 'initiator/name = :who',
        parameters: [{ name: 'who', type: 'text' }],
        sharing: 'tenant',
      };
      const made = await apps.call('ada', 'POST saved-queries', query);
      expect([made.status, made.text]).toEqual([201, expect.any(String)]);
      const id = String(made.body['id']);
      const wait = { timeout: 20_000, interval: 50 };
      const run = async (who: string): Promise<unknown> =>
        (await apps.callOther('ada', `GET count?saved=${id}&param.who=${who}`)).body['count'];
      await expect.poll(() => run('ada'), wait).toBe(1);
      expect(await run('nobody')).toBe(0);
      expect((await apps.callOther('stranger', `GET saved-queries/${id}`)).status).toBe(404);

      const etag = { 'if-match': String(made.headers['etag']) };
      const renamed = { ...query, name: 'Renamed' };
      expect((await apps.callOther('ada', `PUT saved-queries/${id}`, renamed, etag)).status).toBe(200);
      const read = (): Promise<unknown> =>
        apps.call('ada', `GET saved-queries/${id}`).then(({ body }) => body['name']);
      await expect.poll(read, wait).toBe('Renamed');
      expect((await apps.call('ada', `DELETE saved-queries/${id}`, undefined, etag)).verdict).toBe(
        '412 CONTROL_VERSION',
      );
      expect((await apps.callOther('ada', `DELETE saved-queries/${id}`)).status).toBe(204);
      await expect
        .poll(() => apps.call('ada', `GET saved-queries/${id}`).then(({ status }) => status), wait)
        .toBe(404);
    } finally {
      await apps.close();
    }
  },
);
