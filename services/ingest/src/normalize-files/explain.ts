/** Says, for one record, which rule applied and where each member of its event comes from. */
import { visible } from '@cadf-pipeline/cli';
import type { Outcome, Source } from '../source.ts';

const MAX_VALUE = 120;

/** `sourceOf` finds the source type by id; of `type: auto` the outcome itself says which one it was. */
export function explain(
  file: string,
  outcome: Outcome,
  source: Source,
  sourceOf: (id: string) => Source | undefined,
): string {
  const recognized = outcome.kind === 'event' ? outcome.recognized : undefined;
  const used = (recognized === undefined ? undefined : sourceOf(recognized.source)) ?? source;
  const [first, ...others] = outcome.records;
  const place = `${visible(file)}: ${first?.position ?? ''}`;
  const more = others.length === 0 ? '' : ` and ${others.length} more records`;
  if (outcome.kind === 'dead-letter')
    return `${place}${more}: dead letter ${outcome.code}: ${visible(outcome.detail)}\n`;
  const by = recognized === undefined ? '' : `, recognized by ${recognized.rule}`;
  const lines = [
    `${place}${more}: ${outcome.kind} by rule ${outcome.rule} of ${used.id}${by}: ${ruleText(used, outcome.rule)}`,
  ];
  if (outcome.kind === 'event') {
    for (const [path, value] of membersOf(outcome.event, '')) {
      lines.push(`    ${path} = ${shown(value)}  <- ${originOf(used, path)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function ruleText(source: Source, rule: string): string {
  if (Object.hasOwn(source.rules, rule)) return source.rules[rule] ?? '';
  let longest = '';
  for (const name of Object.keys(source.rules)) {
    if (name.endsWith('*') && rule.startsWith(name.slice(0, -1)) && name.length > longest.length)
      longest = name;
  }
  return source.rules[longest] ?? 'not described';
}

/** The origin told for the member itself, or for what it is a part of, or for a part of it. */
function originOf(source: Source, path: string): string {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const text = source.fields[at];
    if (text !== undefined) return text;
  }
  const [root = ''] = path.split('.');
  const parts = Object.entries(source.fields).filter(([name]) => name.startsWith(`${root}.`));
  return parts.map(([, text]) => text).join('; ') || 'always so';
}

/** Members with their values, except the records attached. */
function* membersOf(value: object, prefix: string): Generator<readonly [string, unknown]> {
  for (const [name, member] of Object.entries(value)) {
    if (prefix === '' && (name === 'attachments' || name === 'typeURI')) continue;
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const isDeep = typeof member === 'object' && member !== null && !Array.isArray(member);
    if (isDeep) yield* membersOf(member, path);
    else yield [path, member];
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return visible(text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text);
}
