import fc from 'fast-check';
import { expect, test } from 'vitest';
import { qualifiedId, unknownInitiator, uriPart, user } from './resources.ts';

test('ids hold only what a URI reference may, whatever the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      expect(uriPart(text)).toMatch(/^(?:[A-Za-z0-9\-_.!~*'();/:@&=+$,]|%[0-9A-F]{2})*$/);
    }),
  );
});

test('a name that needs nothing stays, also one that the short way does not take', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9._@/-]{0,50}$/), (text) => {
      expect(uriPart(text)).toBe(text);
      expect(uriPart(text)).toBe(encodeURI(text));
    }),
  );
  expect(uriPart('a b?c#d%')).toBe('a%20b%3Fc%23d%25');
  expect(qualifiedId('pve1', 'qemu', '1 3')).toBe('pve1/qemu/1%203');
});

test('who is not named stays unknown, with the address where there is one', () => {
  expect(unknownInitiator()).toEqual({ id: 'unknown', typeURI: 'unknown' });
  expect(unknownInitiator('192.0.2.7')).toMatchObject({ id: 'unknown', host: { address: '192.0.2.7' } });
  expect(user({ scope: 'h', name: 'ada', address: '', agent: undefined })).toEqual({
    id: 'h/user/ada',
    typeURI: 'data/security/account/user',
    name: 'ada',
  });
});
