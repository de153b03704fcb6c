/** What the OpenAPI document says of `/cimi`, and what its parameters are checked by. */
import { Type } from 'typebox';
import { CollectionParameters, ResourceParameters } from './list-options.ts';

const tags = ['cimi'];
const produces = ['application/json', 'application/xml'];
const headers = Type.Object({
  'cimi-specification-version': Type.Optional(
    Type.String({ maxLength: 256, description: '`1.0` or `1.1` for version 1; left out: version 2.' }),
  ),
});
const Resource = Type.Object(
  { resourceURI: Type.String({ description: 'What it is.' }) },
  { additionalProperties: true, description: 'A resource of CIMI (DMTF DSP0263).' },
);
const response = { 200: Resource };
const resource = { tags, produces, headers, querystring: ResourceParameters, response };
const collection = { tags, produces, headers, querystring: CollectionParameters, response };
const log = Type.Object({
  log: Type.String({ description: '`tenant-` or `source-`, and the id, percent-encoded.' }),
});

export const schemas = {
  entryPoint: { ...resource, summary: 'CIMI: where a consumer begins (CloudEntryPoint)' },
  metadataList: { ...collection, summary: 'CIMI: what can be asked (ResourceMetadata)' },
  metadata: { ...resource, summary: 'CIMI: what the collections can be asked with' },
  logs: {
    ...collection,
    summary: 'CIMI: the event logs the caller may see',
    description: 'One per tenant and one per source, each with how many events of which severity it holds.',
  },
  log: { ...resource, summary: 'CIMI: one event log', params: log },
  events: {
    ...collection,
    summary: 'CIMI: events of a log, newest first',
    description: 'Each event once, the CADF event as its content. `count` is of all that match.',
    params: log,
  },
  event: {
    ...resource,
    summary: 'CIMI: one event',
    params: Type.Object({
      event: Type.String({ description: 'The source, a colon, and the CADF id, percent-encoded.' }),
    }),
  },
};
