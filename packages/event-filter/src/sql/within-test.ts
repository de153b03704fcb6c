import type { TaxonomyData } from '@cadf-pipeline/cadf-model';
import type { Path } from '../filter.ts';
import { taxonomyOf } from '../within.ts';
import type { Bind } from './bind.ts';
import { sqlText } from './bind.ts';
import type { LeafTest } from './leaf-test.ts';

/** No path at all: empty, blanks, control characters, empty segments. */
const NO_PATH = sqlText('^$|^/|/$|//|[\\x00-\\x20\\x{7f}-\\x{a0}]');
/** Segments of the deepest node, with room; as the model's look-up has it. */
const DEEPEST = 8;

/** As `compileWithin` asks it: what the model's classifier finds of a value, spelled out. */
export function withinTest(path: Path, text: string, bind: Bind): LeafTest {
  const node = text.endsWith('/') ? text.slice(0, -1) : text;
  const taxonomy = taxonomyOf(path);
  if (taxonomy === undefined) return belowTest(node, bind);
  const wanted = taxonomy.classify(node);
  const asWritten = belowTest(wanted.path, bind);
  const asMeant = belowTest(wanted.canonical, bind);
  const { data } = taxonomy;
  const nodes = data.nodes.flatMap((each) => (each.origin === 'standard' ? [each.path] : []));
  const standard = bind('Array(String)', nodes);
  return (leaf) =>
    `arrayExists(p -> ${asWritten('p')} OR arrayExists(c -> ${asMeant('c')}, [${canonical('p', data, standard)}]), [${relative(leaf, data)}])`;
}

function belowTest(node: string, bind: Bind): LeafTest {
  const same = bind('String', node);
  const start = bind('String', `${node}/`);
  return (leaf) => `(${leaf} = ${same} OR startsWith(${leaf}, ${start}))`;
}

function relative(leaf: string, { baseUri }: TaxonomyData): string {
  const base = sqlText(baseUri);
  const secure = sqlText(baseUri.replace('http://', 'https://'));
  const rest = `multiIf(startsWith(${leaf}, ${base}), substring(${leaf}, ${baseUri.length + 1}), startsWith(${leaf}, ${secure}), substring(${leaf}, ${baseUri.length + 2}), ${leaf})`;
  return `if(match(${rest}, ${NO_PATH}), ${leaf}, ${rest})`;
}

function canonical(path: string, data: TaxonomyData, standard: string): string {
  const folded = `lower(${path})`;
  const meant = alias(path, data);
  return `multiIf(match(${path}, ${NO_PATH}), ${path}, ${meant} != '', ${meant}, ${isStandard(path, standard)}, ${path}, ${folded} != ${path} AND (${isStandard(folded, standard)} OR ${isStandard(alias(folded, data), standard)}), if(${alias(folded, data)} != '', ${alias(folded, data)}, ${folded}), ${path})`;
}

/** What the path is another spelling of, or ''. */
function alias(path: string, { aliases }: TaxonomyData): string {
  if (aliases.length === 0) return "''";
  const cases = aliases.map(({ from, to }) => {
    if (!from.endsWith('*')) return `${path} = ${sqlText(from)}, ${sqlText(to)}`;
    const start = from.slice(0, -1);
    return `startsWith(${path}, ${sqlText(start)}) AND length(${path}) > ${start.length}, concat(${sqlText(to.slice(0, -1))}, substring(${path}, ${start.length + 1}))`;
  });
  return `multiIf(${cases.join(', ')}, '')`;
}

/** Whether it is a standard node or below one. */
function isStandard(path: string, standard: string): string {
  return `arrayExists(k -> has(${standard}, arrayStringConcat(arraySlice(splitByChar('/', ${path}), 1, k), '/')), range(1, ${DEEPEST + 1}))`;
}
