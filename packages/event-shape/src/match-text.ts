import type { TrieNode } from './structure-trie.ts';
import type { Template } from './template.ts';

/** Linear: the class, the escape and the closing quote begin with different characters, so nothing is tried twice. */
const STRING_CONTENT = String.raw`([^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*)`;
const NUMBER_TOKEN = String.raw`(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)`;

/** The last match; reused by the next one. */
export interface Match {
  template: Template | undefined;
  /** Values of the leaves that are not fixed, in the order of the text; what is beyond them is older. */
  readonly captured: string[];
}

/** Finds the structure of `text`. Answers false, and leaves `match` undefined, where it is not in the trie. */
export function matchText(root: TrieNode, text: string, match: Match): boolean {
  const { captured } = match;
  let count = 0;
  match.template = undefined;
  let position = 0;
  let node: TrieNode | undefined = root;
  for (;;) {
    if (position === text.length) {
      match.template = node.template;
      return node.template !== undefined;
    }
    node = node.children.get(text.charCodeAt(position));
    if (node === undefined) return false;
    const pattern: RegExp = node.pattern ?? compile(node);
    pattern.lastIndex = position;
    const groups = pattern.exec(text);
    if (groups === null) return false;
    position = pattern.lastIndex;
    for (let i = 1; i < groups.length; i++) captured[count++] = groups[i] ?? '';
  }
}

function compile(node: TrieNode): RegExp {
  let source = '';
  for (const element of node.elements) {
    if (typeof element === 'string') source += escapePattern(element);
    else if (element.state === 'fixed') source += escapePattern(element.fixed);
    else source += element.kind === 'number' ? NUMBER_TOKEN : STRING_CONTENT;
  }
  node.pattern = new RegExp(source, 'y');
  return node.pattern;
}

function escapePattern(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
