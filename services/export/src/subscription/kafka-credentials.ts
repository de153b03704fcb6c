/** What a subscription to a topic proves itself with: the password of its user, the private key of its certificate. */
import type { Subscription } from '@cadf-pipeline/control-state';
import { Secret } from '@cadf-pipeline/service-kit';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { SecretBox } from './secret-box.ts';

export interface KafkaCredentials {
  readonly password?: Secret;
  /** PEM. */
  readonly key?: Secret;
}

const Opened = Type.Object({ password: Type.Optional(Type.String()), key: Type.Optional(Type.String()) });

/** Undefined where there are none to seal. */
export function sealKafkaCredentials(
  box: SecretBox,
  subscription: string,
  { key, password }: KafkaCredentials,
): string | undefined {
  if (key === undefined && password === undefined) return undefined;
  const content = JSON.stringify({ password: password?.reveal(), key: key?.reveal() });
  return box.seal(new Secret(content), contextOf(subscription));
}

/** Undefined where they do not open any more: the owner has to give them again. */
export function openKafkaCredentials(
  box: SecretBox,
  { id, sink }: Pick<Subscription, 'id' | 'sink'>,
): KafkaCredentials | undefined {
  if (sink.type !== 'kafka' || sink.credentials === undefined) return {};
  const opened = box.open(sink.credentials, contextOf(id));
  if (opened === undefined) return undefined;
  const { key, password } = Value.Parse(Opened, JSON.parse(opened.reveal()));
  return {
    ...(password === undefined ? {} : { password: new Secret(password) }),
    ...(key === undefined ? {} : { key: new Secret(key) }),
  };
}

function contextOf(subscription: string): string {
  return `kafka ${subscription}`;
}
