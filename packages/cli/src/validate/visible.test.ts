import { expect, test } from 'vitest';
import { visible } from './visible.ts';

test('what could steer a terminal is shown, not sent', () => {
  expect(visible('a\u001b[31mb\nc\u202ed\u009be')).toBe('a\\u001b[31mb\\u000ac\\u202ed\\u009be');
});

test('letters of all scripts stay', () => {
  expect(visible('Größe 大小 שלום 😀')).toBe('Größe 大小 שלום 😀');
});
