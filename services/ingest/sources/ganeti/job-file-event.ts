/** The CADF event of a job of the queue: one per job, told by the operation that decides it. */
import type { Attachment, Resource } from '@cadf-pipeline/cadf-model';
import { attachment } from '../../src/normalize/event-draft.ts';
import type { EventDraft, EventOutcome } from '../../src/normalize/event-draft.ts';
import { exactTime } from '../../src/normalize/event-time.ts';
import { service, unknownInitiator } from '../../src/normalize/resources.ts';
import { asText, asTextList, asObject } from './json-members.ts';
import { reasonsOf } from './job-file.ts';
import type { Job, JobOp } from './job-file.ts';
import { meaningOf } from './opcodes.ts';
import type { Meaning } from './opcodes.ts';
import { targetOf } from './targets.ts';
import type { TargetFacts } from './targets.ts';

interface Tags {
  /** As SourceEvents has it. */
  readonly tag: (name: string, value: string) => string;
}

export interface DecidedJob {
  readonly rule: string;
  /** All its operations only look. */
  readonly isRead: boolean;
  readonly draft: EventDraft;
}

/** Members that name where a machine is, or goes. */
const PLACEMENT = ['pnode', 'snode', 'target_node', 'remote_node', 'target_groups'];
const MAX_LISTED = 16;
const MAX_OPS_LISTED = 256;
const MAX_TAG = 256;
/** Whom the trail names besides those who asked: Ganeti itself, and the words of the person. */
const NOT_ASKING = /^gnt:(?:user|opcode|pickup)(?::|$)/;

/** `redacted`: names of members that were masked. */
export function decideJob(host: string, job: Job, redacted: readonly string[], { tag }: Tags): DecidedJob {
  const op = decisiveOf(job.ops);
  const meaning = meaningOfOp(op);
  const isDryRun = op.input['dry_run'] === true;
  const trail = reasonsOf(op);
  const tags = [...trailTags(job, trail, { tag }), ...redacted.map((name) => tag('redacted', name))];
  if (isDryRun) tags.push(tag('dry-run', op.name));
  const newName =
    asText(op.input['new_name']) ?? (op.name === 'CLUSTER_RENAME' ? asText(op.input['name']) : undefined);
  if (newName !== undefined) tags.push(tag('new-name', newName.slice(0, MAX_TAG)));
  for (const other of job.ops.slice(0, MAX_LISTED)) {
    if (other !== op) tags.push(tag('op', summaryOf(other)));
  }
  return {
    rule: isDryRun ? 'dry-run' : meaning.rule,
    isRead: job.ops.every((each) => meaningOfOp(each).isRead),
    draft: {
      identity: ['job-file', host, `job-${job.id}`, job.received],
      time: exactTime(job.timeMs),
      action: isDryRun ? 'evaluate' : meaning.action,
      outcome: outcomeOf(job.status, meaning),
      initiator: initiatorOf(host, op),
      target: target(host, op, meaning),
      observer: service(host, 'ganeti'),
      name: `OP_${op.name}`,
      reasonCode: op.error?.code ?? op.error?.type ?? job.status,
      operation: `job-${job.id}`,
      tags,
      attachments: attachmentsOf(job, op),
    },
  };
}

/** What decides: the operation that did not succeed, else the first that changes something. */
function decisiveOf(ops: readonly JobOp[]): JobOp {
  const failed = ops.find(
    ({ status }) => status === 'error' || status === 'canceled' || status === 'canceling',
  );
  const op = failed ?? ops.find((each) => !meaningOfOp(each).isRead) ?? ops[0];
  if (op === undefined) throw new Error('a job has at least one operation');
  return op;
}

function meaningOfOp(op: JobOp): Meaning {
  return meaningOf(op.name, asText(op.input['command']));
}

export function outcomeOf(status: string, meaning: Meaning): EventOutcome {
  switch (status) {
    case 'success':
      return meaning.isPreparation ? 'pending' : 'success';
    case 'error':
    case 'canceled':
      return 'failure';
    case 'queued':
    case 'waiting':
    case 'running':
    case 'canceling':
      return 'pending';
    default:
      return 'unknown';
  }
}

/** The program that asked, as the trail names it; people have no name in Ganeti. */
function initiatorOf(host: string, op: JobOp): Resource {
  const asking = reasonsOf(op).find(({ source }) => source !== '' && !NOT_ASKING.test(source));
  return asking === undefined ? unknownInitiator() : service(host, asking.source);
}

function trailTags(job: Job, trail: ReturnType<typeof reasonsOf>, { tag }: Tags): string[] {
  const tags: string[] = [];
  for (const { source, detail } of trail) {
    if (source === 'gnt:user') tags.push(tag('reason', detail.slice(0, MAX_TAG)));
    // A job that another job made has the operation of that one in its trail.
    const parent = source.startsWith('gnt:opcode:') ? /^job=(\d{1,15});/.exec(detail)?.[1] : undefined;
    if (parent !== undefined && parent !== job.id) tags.push(tag('parent', `job-${parent}`));
  }
  return [...new Set(tags)];
}

function target(host: string, op: JobOp, meaning: Meaning): Resource {
  return targetOf(host, meaning.target, factsOf(op, meaning));
}

function factsOf({ input, name }: JobOp, { target: kind }: Meaning): TargetFacts {
  switch (kind) {
    case 'instance':
    case 'disks':
    case 'backup':
      return name === 'INSTANCE_MULTI_ALLOC'
        ? several(instanceNames(input['instances']))
        : { name: asText(input['instance_name']), uuid: asText(input['instance_uuid']) };
    case 'node': {
      const names = asTextList(input['node_names'] ?? input['nodes']);
      return names.length === 0
        ? { name: asText(input['node_name']), uuid: asText(input['node_uuid']) }
        : several(names);
    }
    case 'group':
      return { name: asText(input['group_name']), uuid: asText(input['group_uuid']) };
    case 'network':
      return { name: asText(input['network_name']), uuid: asText(input['network_uuid']) };
    case 'tagged':
      return { name: asText(input['name']), taggedKind: asText(input['kind']) };
    default:
      return {};
  }
}

function several(names: readonly string[]): TargetFacts {
  return names.length === 0 ? {} : { name: names.slice(0, MAX_LISTED).join(', ') };
}

function instanceNames(instances: unknown): readonly string[] {
  if (!Array.isArray(instances)) return [];
  return instances.flatMap((each: unknown) => asText(asObject(each)?.['instance_name']) ?? []);
}

function summaryOf(op: JobOp): string {
  const { name } = factsOf(op, meaningOfOp(op));
  return (name === undefined || name === '' ? op.name : `${op.name}(${name})`).slice(0, MAX_TAG);
}

/** What of the record is worth a member of its own; all else is in the record. */
function attachmentsOf(job: Job, op: JobOp): readonly Attachment[] {
  const found: Attachment[] = [];
  if (job.ops.length > 1) {
    const ops = job.ops
      .slice(0, MAX_OPS_LISTED)
      .map((each) => ({ op: summaryOf(each), status: each.status }));
    found.push(attachment('ops', 'application/json', ops));
  }
  const placement = PLACEMENT.flatMap((name): [string, string | readonly string[]][] => {
    const value = op.input[name];
    const texts = typeof value === 'string' ? [value] : asTextList(value);
    const [first] = texts;
    return first === undefined || first === '' ? [] : [[name, texts.length === 1 ? first : texts]];
  });
  if (placement.length > 0)
    found.push(attachment('placement', 'application/json', Object.fromEntries(placement)));
  return found;
}
