/**
 * Events as records of a topic of the tenant's own. The headers say which event of which subscription a record is, so
 * that a consumer (and the pipeline itself, after an attempt that broke off) recognises what is there already.
 */
import type { KafkaFormat } from '@cadf-pipeline/control-state';
import { type AppendRecord, eventKey, type RecordHeaders } from '@cadf-pipeline/event-stream';
import type { TailEvent } from '@cadf-pipeline/event-tail';
import { cloudEventAttributes } from '../formats/cloud-event.ts';
import type { OutgoingBatch } from '../sinks/sink.ts';

/** `<partition>.<offset>` of the event in the pipeline: unique, and the same whenever the event is sent. */
export const POSITION_HEADER = 'cadf-position';
export const SUBSCRIPTION_HEADER = 'cadf-subscription';

export function positionOf({ partition, offset }: TailEvent): string {
  return `${partition}.${offset}`;
}

/** What all records of a batch carry. */
export function batchHeaders(batch: OutgoingBatch): RecordHeaders {
  return {
    [SUBSCRIPTION_HEADER]: batch.subscription,
    'cadf-batch-id': batch.id,
    ...(batch.test ? { 'cadf-test': 'true' } : {}),
  };
}

/**
 * The record of an event: key as in the pipeline, so that all versions of an event stay in order; value the JSON as it was
 * accepted. As a CloudEvent it is one in binary mode (Kafka Protocol Binding 1.0.2, 3.2): the same value, its attributes
 * beside it as headers.
 */
export function toKafkaRecord(event: TailEvent, format: KafkaFormat = 'cadf'): AppendRecord {
  return {
    key: eventKey(event.source, idOf(event)),
    value: event.text,
    headers: {
      ...(format === 'cloudevents' ? cloudEventHeaders(event) : {}),
      'cadf-source': event.source,
      'cadf-received': new Date(event.receivedMs).toISOString(),
      [POSITION_HEADER]: positionOf(event),
    },
  };
}

/** `content-type` is the attribute `datacontenttype`; every other one has `ce_` in front. */
function cloudEventHeaders(event: TailEvent): RecordHeaders {
  const { datacontenttype, ...attributes } = cloudEventAttributes(event);
  const named = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)]);
  return { 'content-type': datacontenttype, ...Object.fromEntries(named) };
}

/** Every stored event has one; a made-up event may not. */
function idOf({ event }: TailEvent): string {
  return typeof event === 'object' && event !== null && 'id' in event && typeof event.id === 'string'
    ? event.id
    : '';
}
