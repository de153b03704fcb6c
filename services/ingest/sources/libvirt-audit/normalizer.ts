/** Turns libvirt's audit records into CADF events, one machine operation per event (README.md tells the mapping). */
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext } from '../../src/source.ts';
import { readAuditLine } from './audit-line.ts';
import { createMachineRecords } from './machine-records.ts';

/** auditd's own limit is 8,970 bytes; syslog puts a header before it. */
const MAX_LINE_LENGTH = 16 * 1024;
/** The journal tells each field once more. */
const MAX_ENTRY_LENGTH = 64 * 1024;

/** Settings: `timezone` (of headers without one), `cgroup` and `keep` as in machine-records.ts. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const machines = createMachineRecords('libvirt-audit', context);
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  return {
    push(record) {
      const { length } = record.text;
      if (length > (record.text.startsWith('{') ? MAX_ENTRY_LENGTH : MAX_LINE_LENGTH)) {
        const detail = `The line has ${length} characters; audit records have at most 8,970 bytes.`;
        return [deadLetter([record], 'LIBVIRT_RECORD_TOO_LONG', detail)];
      }
      const line = readAuditLine(record, clock);
      if (line.kind === 'other') return [ignoring.ignored(line.rule, [record])];
      if (line.kind === 'unreadable') return [deadLetter([record], line.code, line.detail)];
      return machines.add({ record, line });
    },
    flush: () => machines.flush(),
    get held() {
      return machines.held;
    },
  };
}
