/** Finds the namespace that a CIM server keeps its subscriptions in, and the name it gives itself (DSP1033, DSP1054). */
import { textOfProperty } from './cim-object.ts';
import { cimStatus } from './cim-status.ts';
import type { WbemClient } from './wbem-client.ts';
import { isRefusal, WbemFailure } from './wbem-failure.ts';
import { enumerateInstances } from './write-operation.ts';

export interface Interop {
  readonly namespace: string;
  /** SystemName of the server's CIM_ObjectManager; servers refuse instances with another. */
  readonly systemName?: string;
}

/** In use by servers, the commonest first. */
export const interopNamespaces: readonly string[] = ['root/interop', 'interop', 'root/PG_InterOp'];

/** Looks into `given`, or into those in use. Throws WbemFailure: `WBEM_SETTING` where there is no such namespace. */
export async function findInterop(client: WbemClient, given?: string): Promise<Interop> {
  const found = await firstOf(client, given === undefined ? interopNamespaces : [given]);
  if (found !== undefined) return found;
  if (given === undefined)
    throw new WbemFailure(
      'WBEM_SETTING',
      `The server has none of the namespaces ${interopNamespaces.join(', ')}. Name its interop namespace with --interop.`,
    );
  const other = await firstOf(client, interopNamespaces);
  throw new WbemFailure(
    'WBEM_SETTING',
    `The server has no namespace ${given}. ${other === undefined ? 'Name its interop namespace with --interop.' : `It has ${other.namespace}: try --interop ${other.namespace}.`}`,
  );
}

/** The first that describes its server; else the first that is there: some servers have an empty one besides. */
async function firstOf(client: WbemClient, namespaces: readonly string[]): Promise<Interop | undefined> {
  let first: Interop | undefined;
  for (const namespace of namespaces) {
    const found = await look(client, namespace);
    if (found?.systemName !== undefined) return found;
    first ??= found;
  }
  return first;
}

/** Undefined where there is no such namespace. */
async function look(client: WbemClient, namespace: string): Promise<Interop | undefined> {
  try {
    const { instances } = await client.call(enumerateInstances(namespace, 'CIM_ObjectManager'));
    const systemName = instances
      .map((one) => textOfProperty(one, 'SystemName'))
      .find((name) => name !== undefined && name !== '');
    return { namespace, ...(systemName === undefined ? {} : { systemName }) };
  } catch (error) {
    if (isRefusal(error, cimStatus.invalidNamespace)) return undefined;
    // A server that does not describe itself still has the namespace.
    if (isRefusal(error, ...CANNOT_SAY)) return { namespace };
    throw error;
  }
}

const CANNOT_SAY = [
  cimStatus.failed,
  cimStatus.invalidParameter,
  cimStatus.invalidClass,
  cimStatus.notFound,
  cimStatus.notSupported,
];
