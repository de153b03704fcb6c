/** How segments get to the recipient, as it is asked for and as it is kept. */
import { UploadUrl } from '@cadf-pipeline/control-state';
import type { FeedDelivery } from '@cadf-pipeline/control-state';
import { faultOfUrl } from '@cadf-pipeline/guarded-http';
import { Secret } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { faultOfDestination } from '../exports/destination-rules.ts';
import type { DestinationRules } from '../exports/destination-rules.ts';
import { destinationContext, NewBucket, NewDirectory, sealDestination } from '../exports/new-export.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { invalidFeed } from './feed-fault.ts';

const Pull = Type.Object(
  { type: Type.Literal('pull') },
  {
    additionalProperties: false,
    title: 'Pull',
    description: 'They are kept here, and the recipient takes them. The default',
  },
);
const Peer = Type.Object(
  {
    type: Type.Literal('peer'),
    url: { ...UploadUrl, description: 'The segments of an import there; names of files come behind it' },
    token: Type.String({ minLength: 1, maxLength: 4096, description: 'Sent as bearer token. Never shown' }),
  },
  {
    additionalProperties: false,
    title: 'Peer',
    description: 'Each file is sent to an import of another deployment by PUT',
  },
);
export type NewDelivery =
  | Static<typeof Pull>
  | Static<typeof NewDirectory>
  | Static<typeof NewBucket>
  | Static<typeof Peer>;

/** By `type`, so that each fault is one of the form that was meant. */
export const NewDelivery = Type.Unsafe<NewDelivery>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [Pull, NewDirectory, NewBucket, Peer],
  description: 'How segments get to the recipient. Whatever it is, they can be pulled too',
});

/** `chain`: of the feed, for which what is secret is sealed. Throws FEED_INVALID. */
export function makeDelivery(
  box: SecretBox,
  rules: DestinationRules,
  chain: string,
  asked: NewDelivery = { type: 'pull' },
): FeedDelivery {
  if (asked.type === 'pull') return asked;
  if (asked.type === 'peer') {
    const { token, url } = asked;
    const message = faultOfUrl(url, rules.addresses, {
      example: 'https://peer.example/cadf/v1/imports/provider/segments',
      proof: 'write `token`',
    });
    if (message !== undefined) throw invalidFeed('/delivery/url', message);
    return { type: 'peer', url, credentials: box.seal(new Secret(token), destinationContext(chain)) };
  }
  const fault = faultOfDestination(asked, rules);
  if (fault !== undefined) throw invalidFeed(`/delivery/${fault.member}`, fault.message);
  if (asked.type === 's3' && asked.layout === 'event-day')
    throw invalidFeed(
      '/delivery/layout',
      'is `plain` for feeds: the files of a chain stand beside each other',
    );
  const sealed = sealDestination(box, chain, asked);
  if (sealed.type === 'directory' || sealed.type === 's3') return sealed;
  throw invalidFeed('/delivery/type', 'is none of a feed');
}
