import { expect, test } from 'vitest';
import { faultOfWebhookUrl } from './webhook-url.ts';

const strict = { allowPrivate: false };
const open = { allowPrivate: true };

test.each([
  'https://receiver.example/hook?tenant=a',
  'HTTPS://receiver.example',
  'https://receiver.example:8443/hook',
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]/',
])('%s can be sent to', (url) => {
  expect(faultOfWebhookUrl(url, strict)).toBeUndefined();
});

test.each([
  ['receiver.example/hook', 'is none'],
  ['', 'is none'],
  ['https://', 'is none'],
  ['https://[::g]/', 'is none'],
  ['https://256.1.1.1/', 'is none'],
  ['ftp://receiver.example/', 'https://'],
  ['file:///etc/passwd', 'https://'],
  ['http://receiver.example/', 'can be read on its way'],
  ['https://user@receiver.example/', 'a user or a password'],
  ['https://:secret@receiver.example/', 'a user or a password'],
  ['https://receiver.example/#part', 'fragment'],
  ['https://receiver.example/#', 'fragment'],
  ['https://receiver.example:0/', 'port 0'],
  ['https://127.0.0.1/', 'loopback'],
  ['https://2130706433/', 'loopback'],
  ['https://0x7f.1/', 'loopback'],
  ['https://0177.0.0.1/', 'loopback'],
  ['https://receiver.example:0/', 'port 0'],
  ['https://127.0.0.1/', 'loopback'],
  ['https://[::ffff:7f00:1]/', 'loopback'],
  ['https://localhost/', 'this machine itself'],
  ['https://10.1.2.3/', 'private'],
  ['https://169.254.169.254/latest/meta-data/', 'metadata'],
])('%s is refused with a sentence', (url, part) => {
  expect(faultOfWebhookUrl(url, strict)).toContain(part);
});

test('http and private addresses can be allowed, metadata services cannot', () => {
  expect(faultOfWebhookUrl('http://10.1.2.3/hook', open)).toBeUndefined();
  expect(faultOfWebhookUrl('http://localhost:8080/', open)).toBeUndefined();
  expect(faultOfWebhookUrl('http://169.254.169.254/', open)).toContain('metadata');
  expect(faultOfWebhookUrl('http://metadata.google.internal/', open)).toContain('metadata');
});
