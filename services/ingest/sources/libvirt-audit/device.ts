/** What a VIRT_RESOURCE or VIRT_MACHINE_ID record says about a part of a machine, as the content of an attachment. */
import { deviceType } from './mapping.ts';
import { last } from './payload.ts';
import type { Fields } from './payload.ts';

/** Members beside the first two only where the record has them. Texts are decoded; counters stay texts. */
export interface Device {
  /** CADF resource type; `unknown` where the taxonomy has none. */
  readonly typeURI: string;
  /** libvirt's own word: `disk`, `net`, `tpm-emulator` …, `label` for a security label. */
  readonly kind: string;
  /** `start`, `attach`, `open` … */
  readonly reason?: string;
  readonly old?: string;
  readonly new?: string;
  /** Of `old` and `new`: libvirt logs memory in KiB, whatever its documentation page says. */
  readonly unit?: 'KiB';
  /** The machine, where the event is not about it but about a device it was granted. */
  readonly machine?: { readonly id?: string; readonly name?: string };
  readonly details?: Readonly<Record<string, string>>;
}

/** Fields that are not about the device. */
const COMMON = new Set([
  'virt',
  'resrc',
  'reason',
  'vm',
  'uuid',
  'exe',
  'hostname',
  'addr',
  'terminal',
  'res',
  'success',
]);

export function toDevice(payload: Fields, isLabel: boolean): Device {
  const kind = isLabel ? 'label' : (last(payload, 'resrc') ?? 'unknown');
  const reason = last(payload, 'reason');
  const before = last(payload, `old-${kind}`);
  const after = last(payload, `new-${kind}`);
  const details: Record<string, string> = {};
  for (const key of payload.keys()) {
    const value = last(payload, key);
    if (value === undefined || COMMON.has(key) || key === `old-${kind}` || key === `new-${kind}`) continue;
    details[key] = value;
  }
  return {
    typeURI: deviceType(kind),
    kind,
    ...(reason === undefined ? {} : { reason }),
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
    ...(kind === 'mem' ? { unit: 'KiB' as const } : {}),
    ...(kind === 'cgroup' ? { machine: machineOf(payload) } : {}),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

function machineOf(payload: Fields): { readonly id?: string; readonly name?: string } {
  const id = last(payload, 'uuid');
  const name = last(payload, 'vm');
  return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
}
