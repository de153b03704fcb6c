import { expect, test } from 'vitest';
import { maxPhrases, maxPhraseWords, parsePhrases, searchPhrases, wordsOf } from './words.ts';

function finds(asked: string, ...values: readonly string[]): boolean {
  const phrases = parsePhrases(asked);
  if (typeof phrases === 'string') throw new Error(phrases);
  const search = searchPhrases(phrases);
  return values.some((value) => search.see(value));
}

test('words are runs of ASCII letters and digits and of everything beyond ASCII, in small letters', () => {
  expect(wordsOf('Nova-API_v2.1: Größe 日本 /x')).toEqual(['nova', 'api', 'v2', '1', 'größe', '日本', 'x']);
  expect(wordsOf(' ./- ')).toEqual([]);
});

test('words and phrases beside each other are each asked for', () => {
  expect(parsePhrases('Boot "Nova API" disk')).toEqual([['boot'], ['nova', 'api'], ['disk']]);
});

test('all words are found in several values together, a phrase in one', () => {
  expect(finds('nova boot', 'the NOVA api', 'x', 'Boot')).toBe(true);
  expect(finds('nova boot', 'the nova api', 'reboot')).toBe(false);
  expect(finds('"nova boot"', 'nova', 'boot')).toBe(false);
  expect(finds('"a a b"', 'a a a b')).toBe(true);
  expect(finds('"a b"', 'a x b', 'a')).toBe(false);
});

test('too many words, and too long a phrase, are refused', () => {
  const words = (count: number): string => Array.from({ length: count }, () => 'w').join(' ');
  expect(parsePhrases(words(maxPhrases))).toHaveLength(maxPhrases);
  expect(parsePhrases(words(maxPhrases + 1))).toMatch(/more than 64/);
  expect(parsePhrases(`"${words(maxPhraseWords)}"`)).toHaveLength(1);
  expect(parsePhrases(`"${words(maxPhraseWords + 1)}"`)).toMatch(/more than 32/);
});
