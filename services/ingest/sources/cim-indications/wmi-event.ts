/**
 * Events of Windows' CIM server by its own names (WMI: __InstanceOperationEvent, __ClassOperationEvent), as a gateway hands
 * them on: they have the members of CIM's indications under other names.
 * https://learn.microsoft.com/windows/win32/wmisdk/determining-the-type-of-event-to-receive
 */
import type { CimInstance, CimProperty } from './cim-instance.ts';

const EVENT = /^__(?:Instance|Class)(?:Creation|Modification|Deletion)Event$/;
const NAMES: Readonly<Record<string, string>> = {
  targetinstance: 'sourceinstance',
  targetclass: 'classdefinition',
  time_created: 'indicationtime',
};
/** 1601 to 1970. */
const EPOCH_MS = 11_644_473_600_000n;

/** The same instance with the names of an indication; any other one as it is. */
export function asIndication(instance: CimInstance): CimInstance {
  if (!EVENT.test(instance.className)) return instance;
  const properties = new Map<string, CimProperty>();
  for (const [name, property] of instance.properties) {
    const renamed = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    properties.set(renamed ?? name, name === 'time_created' ? inCimTime(property) : property);
  }
  return { className: instance.className, properties };
}

/** Tenths of a microsecond since 1601, UTC; what is none stays as it is and is refused as a time. */
function inCimTime({ values, instances }: CimProperty): CimProperty {
  return {
    values: values.map((value) => (/^\d{1,19}$/.test(value) ? cimTime(BigInt(value)) : value)),
    instances,
  };
}

function cimTime(ticks: bigint): string {
  const ms = Number(ticks / 10_000n - EPOCH_MS);
  if (ms < 0 || ms >= 253_402_300_800_000) return String(ticks);
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, '');
  const micros = String((ticks % 10_000n) / 10n).padStart(3, '0');
  return `${digits.slice(0, 14)}.${digits.slice(14)}${micros}+000`;
}
