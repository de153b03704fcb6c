import type { Subscription } from '@cadf-pipeline/control-state';
import { expect, test } from 'vitest';
import { receiverFaults } from './receiver-rules.ts';

type Sink = Subscription['sink'];
const webhook = (url: string): Sink => ({ type: 'webhook', url, secrets: [] });
const syslog = (host: string): Sink => ({ type: 'syslog', host, port: 514, transport: 'tcp', format: 'cef' });
const kafka = (...brokers: string[]): Sink => ({ type: 'kafka', topic: 'x', brokers });
const pathsOf = (sink: Sink, rules: Parameters<typeof receiverFaults>[1]): readonly string[] =>
  receiverFaults({ sink, tenants: ['acme'] }, rules).map(({ path }) => path);

test.each([
  [webhook('https://receiver.example/hook'), []],
  [webhook('https://203.0.114.7'), []],
  [webhook('http://receiver.example'), ['body/url']],
  [webhook('https://127.0.0.1'), ['body/url']],
  [webhook('https://2130706433'), ['body/url']],
  [webhook('https://[::1]:8443/x'), ['body/url']],
  [webhook('https://10.0.0.1'), ['body/url']],
  [webhook('https://localhost'), ['body/url']],
  [webhook('https://169.254.169.254'), ['body/url']],
  [syslog('siem.example'), []],
  [syslog('192.168.0.1'), ['body/host']],
  [syslog('::1'), ['body/host']],
  [kafka('kafka.example:9092'), []],
  [kafka('kafka.example:9092', '10.0.0.1:9092'), ['body/brokers']],
  [kafka('[fe80::1]:9092'), ['body/brokers']],
] as const)('a receiver of the public internet is taken, no other: %j', (sink, paths) => {
  expect(pathsOf(sink, { allowPrivate: false })).toEqual(paths);
});

test('an administrator lets private networks and http in, metadata services never', () => {
  const rules = { allowPrivate: true };
  expect(pathsOf(webhook('http://127.0.0.1:8080/hook'), rules)).toEqual([]);
  expect(pathsOf(syslog('10.0.0.1'), rules)).toEqual([]);
  expect(pathsOf(kafka('10.0.0.1:9092'), rules)).toEqual([]);
  expect(pathsOf(webhook('http://169.254.169.254'), rules)).toEqual(['body/url']);
  expect(pathsOf(syslog('169.254.169.254'), rules)).toEqual(['body/host']);
});

test('a topic on the cluster of the pipeline is one that is set apart', () => {
  const own: Sink = { type: 'kafka', topic: 'audit.acme.all' };
  expect(pathsOf(own, { allowPrivate: true })).toEqual(['body/topic']);
  expect(pathsOf(own, { allowPrivate: true, ownTopicPrefix: 'audit.{tenant}.' })).toEqual([]);
  expect(pathsOf(own, { allowPrivate: true, ownTopicPrefix: 'audit.globex.' })).toEqual(['body/topic']);
});
