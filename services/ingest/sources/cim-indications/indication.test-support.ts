/** Builds CIM-XML as WBEM servers write it, and reads it as a source does, for the tests of the mapping. */
import { validateEvent } from '@cadf-pipeline/cadf-model';
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import type { Outcome } from '../../src/source.ts';
import { source } from './source.ts';

/** Messages of tests came in then: 2026-11-21T00:00:00Z. */
export const RECEIVED_MS = 1_795_219_200_000;

/** A text is a property; a list an array; an instance an embedded instance, escaped. */
export interface Properties {
  readonly [name: string]: string | readonly string[] | Instance;
}

interface Instance {
  readonly className: string;
  readonly properties: Properties;
}

export function instance(className: string, properties: Properties): Instance {
  return { className, properties };
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function instanceXml(className: string, properties: Properties): string {
  const xml = Object.entries(properties).map(([name, value]) => {
    if (typeof value === 'string')
      return `<PROPERTY NAME="${name}" TYPE="string"><VALUE>${escaped(value)}</VALUE></PROPERTY>`;
    if (Array.isArray(value))
      return `<PROPERTY.ARRAY NAME="${name}" TYPE="uint16"><VALUE.ARRAY>${value.map((one) => `<VALUE>${escaped(String(one))}</VALUE>`).join('')}</VALUE.ARRAY></PROPERTY.ARRAY>`;
    const { className: inner, properties: members } = value as Instance;
    return `<PROPERTY NAME="${name}" TYPE="string" EmbeddedObject="instance"><VALUE>${escaped(instanceXml(inner, members))}</VALUE></PROPERTY>`;
  });
  return `<INSTANCE CLASSNAME="${className}">${xml.join('')}</INSTANCE>`;
}

export function exportOf(indication: string, dtdVersion = '2.3'): string {
  return `<?xml version="1.0" encoding="utf-8" ?>\n<CIM CIMVERSION="2.0" DTDVERSION="${dtdVersion}"><MESSAGE ID="1" PROTOCOLVERSION="1.0"><SIMPLEEXPREQ><EXPMETHODCALL NAME="ExportIndication"><EXPPARAMVALUE NAME="NewIndication">${indication}</EXPPARAMVALUE></EXPMETHODCALL></SIMPLEEXPREQ></MESSAGE></CIM>`;
}

export function outcomesOf(text: string): Outcome[] {
  const normalizer = source.createNormalizer({ sourceName: 's', host: 'host-1' });
  return [...normalizer.push({ text, receivedMs: RECEIVED_MS }), ...normalizer.flush()];
}

/** The one event of a message and the rule it is made by; throws where it is none, several or no CADF. */
export function eventOfXml(text: string): CadfEvent & { readonly rule: string } {
  const outcomes = outcomesOf(text);
  const [outcome, ...others] = outcomes;
  if (outcome?.kind !== 'event' || others.length > 0)
    throw new Error(`not one event: ${JSON.stringify(outcomes).slice(0, 2000)}`);
  const faults = validateEvent(outcome.event, 'strict');
  if (faults.length > 0) throw new Error(`no CADF: ${JSON.stringify(faults)}`);
  return { ...outcome.event, rule: outcome.rule };
}

/** Of an indication at 2026-11-20T10:00:00Z from `node1`. */
export function eventOfIndication(
  className: string,
  properties: Properties,
): CadfEvent & { readonly rule: string } {
  const told = { IndicationTime: '20261120120000.000000+120', SourceInstanceHost: 'node1', ...properties };
  return eventOfXml(exportOf(instanceXml(className, told)));
}
