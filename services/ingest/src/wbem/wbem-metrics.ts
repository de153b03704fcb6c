/** What the listener for indications counts beside the outcomes of records. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** How an indication ended at the listener. `refused`: the sender was told so in CIM-XML, nothing was kept. */
export type IndicationEnding = 'taken' | 'refused';

export interface WbemMetrics {
  /** One request, by its status of HTTP and its `CIMError`. */
  answered(status: number, cimError: string | undefined): void;
  indications(ending: IndicationEnding, count: number): void;
  connections(open: number): void;
  /** Numbers of sequences told as missing. */
  missing(numbers: number): void;
}

export function createWbemMetrics(registry: Registry): WbemMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'cadf_wbem_requests_total',
    help: 'Requests to the listener for CIM indications, by status and CIMError.',
    labelNames: ['status', 'error'],
    registers,
  });
  const indications = new Counter({
    name: 'cadf_wbem_indications_total',
    help: 'CIM indications: taken, or refused in CIM-XML and not kept.',
    labelNames: ['ending'],
    registers,
  });
  const connections = new Gauge({
    name: 'cadf_wbem_connections',
    help: 'Open connections of CIM servers.',
    registers,
  });
  const missing = new Counter({
    name: 'cadf_wbem_missing_total',
    help: 'Numbers of sequences of indications told as missing.',
    registers,
  });
  return {
    answered: (status, cimError) => requests.inc({ status: String(status), error: cimError ?? '' }),
    indications: (ending, count) => {
      if (count > 0) indications.inc({ ending }, count);
    },
    connections: (open) => connections.set(open),
    missing: (numbers) => missing.inc(numbers),
  };
}
