import { expect, test } from 'vitest';

import { createPipelineMetrics, OUTCOMES } from './pipeline-metrics.ts';

test('records are counted by outcome and source, and the outcomes sum to what was received', async () => {
  const metrics = createPipelineMetrics({ process: false });
  metrics.received('a', 10);
  for (const [index, outcome] of OUTCOMES.entries()) metrics.ended(outcome, 'a', index + 1);
  const text = await metrics.registry.metrics();
  expect(text).toContain('cadf_records_received_total{source="a"} 10');
  expect(text).toContain('cadf_records_total{outcome="dead-lettered",source="a"} 4');
});

test('sources past the bound count together, so that names from requests cannot fill the memory', async () => {
  const metrics = createPipelineMetrics({ process: false, maxSources: 2 });
  for (const source of ['a', 'b', 'c', 'd', 'a']) metrics.ended('accepted', source, 1);
  const text = await metrics.registry.metrics();
  expect(text).toContain('{outcome="accepted",source="a"} 2');
  expect(text).toContain('{outcome="accepted",source="(other)"} 2');
  expect(text).not.toContain('source="c"');
});

test('every metric has a place, also those of the process', async () => {
  const metrics = createPipelineMetrics();
  metrics.observeAck(0.01);
  metrics.observeVisible(1);
  metrics.observeBatch('insert', 500, 600_000);
  metrics.setLag(3, 7);
  metrics.setPending(8);
  metrics.gap('a');
  metrics.refused('expired');
  metrics.setLiveReaders(2);
  metrics.liveSent(12);
  metrics.observeRequest('GET', '/x', 200, 0.1);
  const text = await metrics.registry.metrics();
  for (const line of [
    'cadf_ack_seconds_count 1',
    'cadf_visible_seconds_count 1',
    'cadf_batch_records_sum{stage="insert"} 500',
    'cadf_batch_bytes_sum{stage="insert"} 600000',
    'cadf_writer_lag_records{partition="3"} 7',
    'cadf_stream_pending_bytes 8',
    'cadf_follow_gaps_total{source="a"} 1',
    'cadf_credentials_refused_total{reason="expired"} 1',
    'cadf_live_readers 2',
    'cadf_live_events_total 12',
    'cadf_http_request_seconds_count{method="GET",route="/x",status="200"} 1',
    'process_cpu_seconds_total',
  ]) {
    expect(text).toContain(line);
  }
});
