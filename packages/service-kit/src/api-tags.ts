/** The chapters of the API document, in the order a reader wants them. Routes name one by its `tag`. */

interface ApiTag {
  /** As routes name it. */
  readonly tag: string;
  /** As people read it. */
  readonly name: string;
  readonly description: string;
}

const TAGS: readonly ApiTag[] = [
  {
    tag: 'query',
    name: 'Find events',
    description:
      'Who did what, when, where and with what outcome: events as they were received, page by page.',
  },
  {
    tag: 'counts',
    name: 'Count events',
    description:
      'Exact numbers: of all events found, by field, by time, and by the taxonomies of the standard.',
  },
  {
    tag: 'sql',
    name: 'SQL',
    description: 'For analysts: one SELECT over the events the key may see.',
  },
  {
    tag: 'asynchronous queries',
    name: 'Asynchronous queries',
    description: 'Queries that go on without their caller, and their results. Nobody but who asked sees one.',
  },
  {
    tag: 'saved queries',
    name: 'Saved queries',
    description: 'Queries kept under a name, with parameters, for oneself or for others.',
  },
  {
    tag: 'subscriptions',
    name: 'Subscriptions',
    description:
      'Events as they happen, or from any time in the past, carried to a webhook, a Kafka topic or a syslog receiver: in order, none missed, signed.',
  },
  {
    tag: 'exports',
    name: 'Exports',
    description:
      'Events as files, once or at fixed times: exactly those that were asked for, counted, hashed and signed, to be downloaded or put elsewhere.',
  },
  {
    tag: 'feeds',
    name: 'Feeds',
    description:
      'What somebody else may have of the events, as it comes in: redacted, cut into signed segments period by period, to be pulled and verified by the recipient.',
  },
  {
    tag: 'submission',
    name: 'Submit events',
    description: 'CADF events into the pipeline, and a check of events that stores nothing.',
  },
  {
    tag: 'imports',
    name: 'Imports',
    description:
      'Events brought in as files: feeds of peers, signed segments, CADF Logs and Reports of others, trails of AWS CloudTrail; verified before anything of them is taken.',
  },
  {
    tag: 'sources',
    name: 'Sources',
    description: 'Where records come from: raw records of registered sources, and how all of them ended.',
  },
  {
    tag: 'dead letters',
    name: 'Dead letters',
    description: 'Records that could not be taken in: why, their bytes, and taking them again.',
  },
  {
    tag: 'hermes',
    name: 'Hermes API',
    description:
      'A drop-in for clients of the OpenStack audit service Hermes. Failures are answered as plain text.',
  },
  {
    tag: 'cimi',
    name: 'CIMI provider',
    description:
      'The events as event logs of a provider of the Cloud Infrastructure Management Interface (DMTF DSP0263), to read only. Failures are answered as failed jobs.',
  },
  {
    tag: 'administration',
    name: 'Administration',
    description: 'API keys, tenants, sources and tenant rules. Every change is an audit event itself.',
  },
  {
    tag: 'operation',
    name: 'Operation',
    description: 'For those who run the service: is it alive, is it ready, what does it do.',
  },
];

/** The chapter a route is in; one that is not listed is under its own name. */
export function tagName(tag: string): string {
  return TAGS.find((known) => known.tag === tag)?.name ?? tag.charAt(0).toUpperCase() + tag.slice(1);
}

/** Those of the names that occur, in order, as OpenAPI lists them; the unlisted come last. */
export function describeTags(names: ReadonlySet<string>): readonly object[] {
  const known = TAGS.filter(({ name }) => names.has(name)).map(({ description, name }) => ({
    name,
    description,
  }));
  const listed = new Set(TAGS.map(({ name }) => name));
  return [...known, ...[...names].filter((name) => !listed.has(name)).map((name) => ({ name }))];
}
