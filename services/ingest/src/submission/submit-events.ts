/**
 * One submission from "items read" to "answered": admit each, leave out what is known to be here, append the rest in
 * one go, answer only when that is durable.
 */
import type { AppendRecord, EventStream, SubmissionFacts } from '@cadf-pipeline/event-stream';
import { submissionHeaders } from '@cadf-pipeline/event-stream';
import type { BodyItem } from '../body/item.ts';
import { EVENTS_TOPIC } from '../topics.ts';
import { admitEvent } from './admit.ts';
import type { AdmissionRules } from './admit.ts';
import type { ItemResult } from './outcome.ts';
import type { RecentEvents } from './recent-events.ts';

export interface SubmitDependencies {
  readonly stream: EventStream;
  readonly recent: RecentEvents;
}

/**
 * Answers what became of each item, in order. All items are read before anything is appended: an item that throws
 * leaves nothing behind. Throws what `EventStream.append` throws; then nothing of the
 * submission is known to be taken, and sending it again does no harm.
 */
export async function submitEvents(
  items: Iterable<BodyItem>,
  facts: SubmissionFacts,
  rules: AdmissionRules,
  { stream, recent }: SubmitDependencies,
): Promise<readonly ItemResult[]> {
  const records: AppendRecord[] = [];
  const fresh = new Map<string, string>();
  const results: ItemResult[] = [];
  for (const item of items) results.push(admit(item, results.length));

  if (records.length > 0) {
    await stream.append(EVENTS_TOPIC, { headers: submissionHeaders(facts), records });
    for (const [key, digest] of fresh) recent.add(key, digest);
  }
  return results;

  function admit(item: BodyItem, index: number): ItemResult {
    if (!item.readable) return { index, status: 'rejected', code: item.code, detail: item.detail };
    const admitted = admitEvent(item.bytes, item.value, rules);
    if (!admitted.admitted) return rejected(index, admitted.id, admitted.faults);
    const { id, digest, record } = admitted;
    if (fresh.get(record.key) === digest || recent.has(record.key, digest))
      return { index, id, status: 'duplicate' };
    fresh.set(record.key, digest);
    records.push(record);
    return { index, id, status: 'accepted' };
  }
}

function rejected(
  index: number,
  id: string | undefined,
  faults: readonly {
    readonly code: string;
    readonly message: string;
    readonly pointer: string;
    readonly hint: string;
  }[],
): ItemResult {
  const [first] = faults;
  return {
    index,
    status: 'rejected',
    ...(id === undefined ? {} : { id: id.slice(0, 200) }),
    code: first?.code ?? 'CADF_EVENT_INVALID',
    detail: first === undefined ? 'not an event' : `${first.message} ${first.hint}`,
    path: first?.pointer ?? '',
  };
}
