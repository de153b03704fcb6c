/** CIMI: jobs, events and meters of a cloud's management interface (DMTF DSP0263, ISO/IEC 19831). */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

/** Versions 1 and 2, servers that have their own root, and what our collector compared. */
const ROOT = /schemas\.dmtf\.org\/cimi\/|sixsq\.com\/slipstream\/1\/|urn:cadf-pipeline:cimi:/;
/** Not of a resource that is attached, as text, to something else. */
const TYPE_MEMBER = /(?<!\\)"resourceURI"/;
const START_LENGTH = 8192;

export const source: Source = {
  id: 'cimi',
  describe: {
    title: 'CIMI: jobs, events and meters of a cloud',
    vendor: 'DMTF',
    documents: [
      'https://www.dmtf.org/sites/default/files/standards/documents/DSP0263_2.0.0.pdf',
      'https://www.iso.org/standard/66319.html',
      'https://schemas.dmtf.org/cimi/1/',
    ],
    framings: ['json', 'xml'],
  },
  recognize({ message }) {
    const start = message.slice(0, START_LENGTH);
    const isXml = start.startsWith('<');
    if (!isXml && !start.startsWith('{')) return undefined;
    if (ROOT.test(start)) {
      if (isXml && start.includes('xmlns')) return { rule: 'namespace', certainty: 1 };
      if (isXml ? start.includes('resourceURI') : TYPE_MEMBER.test(start))
        return { rule: 'resource-uri', certainty: 1 };
    }
    if (isXml) return undefined;
    // A long document tells its type last.
    if (ROOT.test(message) && TYPE_MEMBER.test(message)) return { rule: 'resource-uri', certainty: 0.9 };
    if (/"resource-type"\s{0,8}:\s{0,8}"(?:job|event)(?:-collection)?"/.test(start))
      return { rule: 'resource-type', certainty: 0.9 };
    return start.includes('"targetResource"') && start.includes('"timeOfStatusChange"')
      ? { rule: 'job-shape', certainty: 0.9 }
      : undefined;
  },
  fields: {
    id: 'id of the job or event, absolute or behind the name of the provider; of a sample its meter and timestamp; of a CADF event its own',
    eventType: 'activity for jobs, model and access; monitor for states, alarms and samples',
    eventTime: 'timeOfStatusChange of a job, timestamp of an event or sample; else updated, created',
    action: 'action of a job, change, operation, category and name of an event, change of a compared state',
    outcome: 'state of a job, outcome or success of an event',
    'initiator.id':
      'authn-info; initiator of an access; of a job an access before it, or acl.owner (tag initiator); the provider of observations',
    'initiator.domain': 'the setting account where nobody is known',
    'target.id': 'what was made, else targetResource; resource of an event; the resource of a meter',
    'target.name': 'resName',
    'observer.id': 'the provider: host of the source',
    'reason.reasonCode': 'returnCode, else state; code of an alarm, else outcome',
    name: 'action of a job, name of an event, else its type and word',
    severity: 'severity of an event',
    measurements: 'state, code of an alarm, value of a sample; progress and duration of a job',
    tags: 'state, parent and nested jobs, contact, meter, what was redacted, inferred or found by comparison',
    reporterchain: 'of a CADF event, as all its members',
  },
  rules: {
    job: 'a Job in any state; all of them are versions of one event',
    'unmapped-job': 'a Job whose action is none that is known',
    state: 'an Event that tells a state',
    alarm: 'an Event that tells a fault',
    model: 'an Event of type model: create, update, delete',
    'unmapped-model': 'an Event of type model with another word',
    access: 'an Event of type access',
    'unmapped-access': 'an access by an operation that is none that is known',
    action: 'an Event by category: add, edit, delete, action',
    'unmapped-action': 'an Event of category action with a word that is none that is known',
    'unmapped-event': 'an Event of another type',
    cadf: 'an Event whose content is a CADF event: that event, unchanged',
    sample: 'a Sample of a Meter',
    'event-log-summary': 'an EventLog: counts of its events',
    'resource-state': 'any other resource, as it is now',
    'compared-state': 'a resource in another state than it was seen in before, or seen for the first time',
    'compared-create': 'a resource that was made since it was looked before',
    'compared-delete': 'a resource that was seen before and is not there any more',
    'reference-only': 'a Job, Event or Sample of which only the reference is there',
    'request-body': 'what a consumer sends: an Action, a …Create',
    'error-response': 'an error instead of a resource',
    'empty-collection': 'a collection without items',
    'blank-line': 'nothing on the line',
  },
  createNormalizer,
};
