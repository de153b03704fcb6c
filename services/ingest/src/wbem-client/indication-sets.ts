/**
 * Which indications to ask for, by what they are about: queries in WQL or in CQL (DSP0202), one per filter. Servers
 * differ in the classes they have; a set asks for more than any of them has.
 */

export const setNames = ['libvirt', 'hyper-v', 'alerts', 'lifecycle', 'process', 'all'] as const;
export type SetName = (typeof setNames)[number];

/** One filter to be: a query in one namespace. */
export interface WantedFilter {
  /** Names it among all filters of the system: `libvirt/KVM_ComputerSystemCreatedIndication@root/virt`. */
  readonly id: string;
  readonly query: string;
  readonly language: string;
  /** Where its indications arise. */
  readonly namespace: string;
  /** Whether the whole goes on where the server does not know it. */
  readonly isOptional: boolean;
}

interface IndicationSet {
  readonly namespace: string;
  /** Indication class, and the class its instance must be one of. */
  readonly of: readonly (readonly [indication: string, instance?: string])[];
}

const changes = (indications: readonly string[], instance: string): (readonly [string, string])[] =>
  indications.map((indication) => [indication, instance]);

const created = 'CIM_InstCreation';
const modified = 'CIM_InstModification';
const deleted = 'CIM_InstDeletion';

const sets: Readonly<Record<Exclude<SetName, 'all'>, IndicationSet>> = {
  libvirt: {
    namespace: 'root/virt',
    of: ['KVM', 'Xen', 'LXC'].flatMap((prefix) =>
      ['ComputerSystem', 'ResourceAllocationSettingData', 'ComputerSystemMigrationJob'].flatMap((subject) =>
        ['Created', 'Modified', 'Deleted'].map(
          (change) => [`${prefix}_${subject}${change}Indication`] as const,
        ),
      ),
    ),
  },
  'hyper-v': {
    namespace: 'root/virtualization/v2',
    of: [
      ...changes([created, modified, deleted], 'Msvm_ComputerSystem'),
      ...changes([created, deleted], 'Msvm_VirtualSystemSettingData'),
      ...changes([created, modified], 'Msvm_ConcreteJob'),
    ],
  },
  alerts: { namespace: 'root/cimv2', of: [['CIM_AlertIndication'], ['CIM_ThresholdIndication']] },
  lifecycle: {
    namespace: 'root/cimv2',
    of: [
      ...changes([created, modified, deleted], 'CIM_ComputerSystem'),
      ...changes([created, modified], 'CIM_ConcreteJob'),
    ],
  },
  process: { namespace: 'root/cimv2', of: [['CIM_ProcessIndication']] },
};

/** `process` holds those of `alerts`, which would come twice. */
const ALL: readonly Exclude<SetName, 'all'>[] = ['libvirt', 'hyper-v', 'alerts', 'lifecycle'];

/** `namespaces` takes the place of the set's own where it names any. */
export function filtersOf(
  name: SetName,
  language: string,
  namespaces: readonly string[],
): readonly WantedFilter[] {
  return (name === 'all' ? ALL : [name]).flatMap((one) => {
    const { namespace, of } = sets[one];
    return of.flatMap(([indication, instance]) =>
      (namespaces.length > 0 ? namespaces : [namespace]).map((where) => ({
        id: `${one}/${indication}${instance === undefined ? '' : `/${instance}`}@${where}`,
        query: queryFor(indication, instance, language),
        language,
        namespace: where,
        isOptional: true,
      })),
    );
  });
}

/** WQL takes the class after ISA as a text, CQL as a name. */
function queryFor(indication: string, instance: string | undefined, language: string): string {
  const all = `SELECT * FROM ${indication}`;
  if (instance === undefined) return all;
  return `${all} WHERE SourceInstance ISA ${/^wql$/i.test(language) ? `'${instance}'` : instance}`;
}
