/**
 * The chain of those who handled a record (DSP0262: cadf:Reporterstep, `reporterchain`): adding a step behind the
 * others, and telling who is in it already, by which a record that comes round to one of them again is recognised.
 */
import type { Reporterstep } from './entities/reporterstep.ts';
import type { Members } from './json-members.ts';
import { isMembers } from './json-members.ts';
import { jsonRanges } from './json/locate.ts';
import { isRoleName, resolveRole } from './roles.ts';
import { maxListLength } from './validate/text.ts';

/** The standard's name, and how jcadf spells it: the step goes into the list that the event has. */
const CHAIN = 'reporterchain';
const ALIAS = 'reportersteps';

/** Why no step can be added to an event. */
export class ReporterChainError extends Error {
  readonly code = 'CADF_REPORTERCHAIN_UNUSABLE';

  constructor(message: string) {
    super(message);
    this.name = 'ReporterChainError';
  }
}

/**
 * The event with the step as the last of its chain; the argument stays as it is, and so do all other members.
 * A step comes from `buildReporterstep`.
 * @throws ReporterChainError when the chain is no list, or full (1,024 steps).
 */
export function appendReporterStep<Event extends Members>(
  event: Event,
  step: Reporterstep,
): Event & { readonly reporterchain?: unknown } {
  const member = chainMember(event);
  return { ...event, [member]: [...stepsOf(event[member]), step] };
}

/**
 * The same on an event's JSON text: not one character of the text is changed, only the step is put in. The text should
 * have passed JSON.parse and `checkJsonDepth`. Of a chain given twice the last counts, as in JSON.parse.
 * @throws ReporterChainError when the text is no object, or its chain is no list or full.
 */
export function appendReporterStepText(text: string, step: Reporterstep): string {
  const json = JSON.stringify(step);
  // Nearly every event without a chain is told so by a search.
  const maybe = text.includes(CHAIN) || text.includes(ALIAS) || text.includes('\\');
  const ranges = jsonRanges(text, maybe ? ['', `/${CHAIN}`, `/${ALIAS}`] : ['']);
  const chain = ranges.get(`/${CHAIN}`) ?? ranges.get(`/${ALIAS}`);
  if (chain !== undefined) {
    const written = text.slice(chain.start, chain.end);
    if (written === 'null') return `${text.slice(0, chain.start)}[${json}]${text.slice(chain.end)}`;
    const steps = stepsOf(parsed(written));
    const at = chain.end - 1;
    return `${text.slice(0, at)}${steps.length === 0 ? '' : ','}${json}${text.slice(at)}`;
  }
  const root = ranges.get('');
  if (root === undefined || text[root.start] !== '{' || text[root.end - 1] !== '}')
    throw new ReporterChainError('the text is no JSON object, so no step can be put into it');
  const at = root.end - 1;
  const isEmpty = text.slice(root.start + 1, at).trim() === '';
  return `${text.slice(0, at)}${isEmpty ? '' : ','}"${CHAIN}":[${json}]${text.slice(at)}`;
}

/**
 * Ids of the reporters in an event's chain, in the order of the steps, each once: of `reporterId`, and of `reporter`,
 * where its short form (`{"id": "target"}`, DSP2038) is the id of the resource it points at. Steps that name nobody
 * are passed over. The spelling of jcadf counts too, before the standard's.
 */
export function chainNames(event: Members): readonly string[] {
  const names = new Set<string>();
  for (const member of [ALIAS, CHAIN]) {
    const chain = event[member];
    if (!Array.isArray(chain)) continue;
    for (const step of chain) for (const id of reporterIds(event, step)) names.add(id);
  }
  return [...names];
}

/** Whether one of the ids is in the chain of an event's JSON text; parses it only if that may be. */
export function isInChain(text: string, ids: readonly string[]): boolean {
  // An id may be written with escapes.
  if (!text.includes('\\') && !ids.some((id) => text.includes(id))) return false;
  const event = parsed(text);
  if (!isMembers(event)) return false;
  const names = chainNames(event);
  return ids.some((id) => names.includes(id));
}

function chainMember(event: Members): string {
  const own = event[CHAIN];
  return own === undefined && event[ALIAS] !== undefined ? ALIAS : CHAIN;
}

function stepsOf(chain: unknown): readonly unknown[] {
  if (chain === undefined || chain === null) return [];
  if (!Array.isArray(chain)) throw new ReporterChainError('the reporter chain of the event is no list');
  if (chain.length >= maxListLength)
    throw new ReporterChainError(`the reporter chain of the event has ${maxListLength} steps already`);
  return chain;
}

function reporterIds(event: Members, step: unknown): readonly string[] {
  if (!isMembers(step)) return [];
  const { reporter, reporterId } = step;
  const id = isMembers(reporter) ? resourceId(event, reporter) : undefined;
  return [id, reporterId].filter((each): each is string => typeof each === 'string' && each !== '');
}

function resourceId(event: Members, resource: Members): unknown {
  const { id, typeURI } = resource;
  if (!isRoleName(id) || (typeof typeURI === 'string' && typeURI !== '' && typeURI !== 'unknown')) return id;
  const meant = resolveRole(event, id).resource;
  return isMembers(meant) ? meant['id'] : id;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ReporterChainError('the text is no JSON');
  }
}
