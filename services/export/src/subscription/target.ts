/** From what an owner writes of a receiver to what is kept of it, secrets sealed. */
import { KafkaTarget, SyslogTarget, WebhookTarget } from '@cadf-pipeline/control-state';
import type { Subscription } from '@cadf-pipeline/control-state';
import { Secret } from '@cadf-pipeline/service-kit';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ChangedSubscription } from './changed-subscription.ts';
import { requireSound } from './fault.ts';
import { openKafkaCredentials, sealKafkaCredentials } from './kafka-credentials.ts';
import type { KafkaCredentials } from './kafka-credentials.ts';
import type { NewKafka, NewSubscription } from './new-subscription.ts';
import { pemFaults } from './pem-faults.ts';
import type { SecretBox } from './secret-box.ts';
import { makeWebhookSecret, readWebhookSecret } from './webhook-secret.ts';

type Sink = Subscription['sink'];
type KafkaAccess = Pick<KafkaTarget, 'credentials' | 'sasl' | 'tls'>;

export interface MadeSink {
  readonly sink: Sink;
  /** Of a webhook: to be shown once. */
  readonly secret?: string;
}

/** Throws SUBSCRIPTION_INVALID. */
export function makeSink(box: SecretBox, id: string, body: NewSubscription, nowMs: number): MadeSink {
  switch (body.type) {
    case 'webhook': {
      const { secret: given, ...target } = withoutContent(body);
      const { kept, secret } = makeWebhookSecret(box, id, nowMs, readGiven(given));
      return { sink: { ...target, secrets: [kept] }, secret };
    }
    case 'kafka': {
      const { sasl, tls, ...target } = withoutContent(body);
      return { sink: { ...target, ...kafkaAccess(box, id, { sasl, tls }, {}) } };
    }
    case 'syslog':
      return { sink: soundSyslog(withoutContent(body)) };
  }
}

/** The HMAC key that the owner gives. Throws SUBSCRIPTION_INVALID. */
export function readGiven(secret: string | undefined): Buffer | undefined {
  if (secret === undefined) return undefined;
  const key = readWebhookSecret(secret);
  requireSound(
    key === undefined
      ? [{ path: 'body/secret', message: 'is to be `whsec_` and base64, or text, of 24 to 64 bytes' }]
      : [],
  );
  return key;
}

/** What can be changed; where records of a topic go to is for good, as what has arrived is looked up there. */
const CHANGEABLE = {
  webhook: ['url', 'format', 'batch'],
  kafka: ['tls', 'sasl', 'format', 'batch'],
  syslog: ['host', 'port', 'transport', 'ca', 'format', 'maxMessageBytes', 'batch'],
} as const satisfies Readonly<Record<Sink['type'], readonly (keyof ChangedSubscription)[]>>;
const OF_ALL: ReadonlySet<string> = new Set(['name', 'filter', 'paused']);
const ACCESS: ReadonlySet<string> = new Set(['tls', 'sasl', 'credentials']);

const checkWebhook = checker(WebhookTarget);
const checkKafka = checker(KafkaTarget);
const checkSyslog = checker(SyslogTarget);

/** The sink after a change. Throws SUBSCRIPTION_INVALID for what its type has not. */
export function changeSink(
  box: SecretBox,
  subscription: Pick<Subscription, 'id' | 'sink'>,
  change: ChangedSubscription,
): Sink {
  const { sink } = subscription;
  const known: readonly string[] = CHANGEABLE[sink.type];
  const own = Object.entries(change).filter(([member]) => !OF_ALL.has(member));
  requireSound(
    own
      .filter(([member]) => !known.includes(member))
      .map(([member]) => ({
        path: `body/${member}`,
        message: `cannot be changed of a subscription of type ${sink.type}`,
      })),
  );
  if (own.length === 0) return sink;
  const kept = Object.entries(sink).filter(([member]) => !(member in change));
  const set = own.filter(([, value]) => value !== null);
  const changed: unknown = Object.fromEntries([...kept, ...set]);
  switch (sink.type) {
    case 'webhook':
      return checkWebhook(changed);
    case 'kafka': {
      const access = changedAccess(box, subscription, change);
      // What was named of the access holds secrets: only what is made of it is kept.
      const rest = Object.entries(Object(changed)).filter(([member]) => !ACCESS.has(member));
      return checkKafka(access === undefined ? changed : { ...Object.fromEntries(rest), ...access });
    }
    case 'syslog':
      return soundSyslog(checkSyslog(changed));
  }
}

/** Throws SUBSCRIPTION_INVALID. */
function soundSyslog(target: SyslogTarget): SyslogTarget {
  const { ca, transport } = target;
  requireSound(ca === undefined ? [] : pemFaults('body', { ca }));
  requireSound(
    ca !== undefined && transport === 'tcp'
      ? [{ path: 'body/ca', message: 'is for the transport `tls`; over `tcp` nobody is asked who he is' }]
      : [],
  );
  return target;
}

/** How brokers are spoken to, after a change: what is not named stays, with its secret. Undefined: nothing is named. */
function changedAccess(
  box: SecretBox,
  { id, sink }: Pick<Subscription, 'id' | 'sink'>,
  { sasl, tls }: ChangedSubscription,
): KafkaAccess | undefined {
  if (sink.type !== 'kafka' || (sasl === undefined && tls === undefined)) return undefined;
  const opened = openKafkaCredentials(box, { id, sink });
  // Opens no more: whoever changes one of both gives the other again, too.
  const needsSasl = opened === undefined && sasl === undefined && sink.sasl !== undefined;
  const needsTls = opened === undefined && tls === undefined && sink.tls?.cert !== undefined;
  const again = 'has to be given again: its secret cannot be read any more';
  requireSound([
    ...(needsSasl ? [{ path: 'body/sasl', message: again }] : []),
    ...(needsTls ? [{ path: 'body/tls', message: again }] : []),
  ]);
  const { key, password } = opened ?? {};
  const made = kafkaAccess(
    box,
    id,
    { sasl: sasl ?? undefined, tls: tls ?? undefined },
    {
      ...(sasl === undefined && password !== undefined ? { password } : {}),
      ...(tls === undefined && key !== undefined ? { key } : {}),
    },
  );
  return {
    ...made,
    ...(sasl === undefined && sink.sasl !== undefined ? { sasl: sink.sasl } : {}),
    ...(tls === undefined && sink.tls !== undefined ? { tls: sink.tls } : {}),
  };
}

/** What is kept of how brokers are spoken to: the open part, and the secrets sealed. */
function kafkaAccess(
  box: SecretBox,
  id: string,
  { sasl, tls }: { readonly sasl: NewKafka['sasl'] | undefined; readonly tls: NewKafka['tls'] | undefined },
  kept: KafkaCredentials,
): KafkaAccess {
  requireSound(pemFaults('body/tls', tls ?? {}));
  const credentials = sealKafkaCredentials(box, id, {
    ...kept,
    ...(sasl === undefined ? {} : { password: new Secret(sasl.password) }),
    ...(tls?.key === undefined ? {} : { key: new Secret(tls.key) }),
  });
  return {
    ...(tls === undefined ? {} : { tls: withoutKey(tls) }),
    ...(sasl === undefined ? {} : { sasl: { mechanism: sasl.mechanism, username: sasl.username } }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

function withoutKey({ key: _key, ...shown }: NonNullable<NewKafka['tls']>): NonNullable<KafkaTarget['tls']> {
  return shown;
}

function withoutContent<Body extends NewSubscription>(body: Body) {
  const { cursor: _c, filter: _f, from: _b, name: _n, source: _s, tenant: _t, ...target } = body;
  return target;
}

function checker<S extends TSchema>(schema: S): (value: unknown) => Static<S> {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return value;
    requireSound(
      validator.Errors(value).map(({ instancePath, message }) => ({ path: `body${instancePath}`, message })),
    );
    throw new Error('a sink that does not fit its schema has no fault');
  };
}
