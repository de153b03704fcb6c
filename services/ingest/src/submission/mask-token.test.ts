import { expect, test } from 'vitest';
import { bareTokens, maskTokens } from './mask-token.ts';

const withToken = (token: unknown): Record<string, unknown> => ({
  initiator: { id: 'i', credential: { token } },
});

test.each(['secret', 'ab', 12, { jwt: 'x.y.z' }, ['t']])('a bare token %j is found', (token) => {
  expect(bareTokens(withToken(token))).toEqual([['initiator', 'credential', 'token']]);
});

test.each(['***', 'MIIDxxxxxxxxABCD', '', null, undefined])(
  'a token already masked or absent (%j) is left alone',
  (token) => {
    expect(bareTokens(withToken(token))).toEqual([]);
  },
);

test('masking changes the tokens and nothing else, byte for byte', () => {
  const text =
    '{ "target":{"credential" : {"token":{"a":[1,"}"]}}} ,"initiator":{"credential":{"token":"s\\"x"}},"é":1 }';
  const event: unknown = JSON.parse(text);
  const masked = maskTokens(text, bareTokens(event as Record<string, unknown>));
  expect(masked).toBe(
    '{ "target":{"credential" : {"token":"***"}} ,"initiator":{"credential":{"token":"***"}},"é":1 }',
  );
});
