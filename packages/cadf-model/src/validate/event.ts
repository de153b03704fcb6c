/**
 * Checks one event, already parsed from JSON, against a profile: hand-written checks on the object itself, because
 * every event taken in passes here. A good event costs one small object and no list.
 */
import type { Fault, FaultSink } from '../fault.ts';
import { collected, report } from '../fault.ts';
import { isMembers } from '../json-members.ts';
import type { ProfileName } from '../profiles.ts';
import { profiles } from '../profiles.ts';
import { checkAttachments } from './attachments.ts';
import { checkEventType, checkId, checkTypeUri } from './identity.ts';
import { checkMeasurements } from './measurements.ts';
import { checkAction, checkOutcome } from './paths.ts';
import { checkReason } from './reason.ts';
import { checkReporterchain } from './reporterchain.ts';
import { checkRole, initiatorRole, observerRole, targetRole } from './resource.ts';
import { checkDuration, checkTags } from './tags.ts';
import { checkText, maxNameLength } from './text.ts';
import { checkEventTime } from './time.ts';

/**
 * The faults of an event under a profile (docs/profiles.md), at most 100, in the order of the standard's table;
 * the same frozen empty list when there are none. Never throws. Members the standard does not name are allowed.
 */
export function validateEvent(value: unknown, profile: ProfileName): readonly Fault[] {
  const sink: FaultSink = { severities: profiles[profile], faults: undefined };
  if (!isMembers(value)) {
    report(sink, 'CADF_NOT_AN_OBJECT', '', value);
    return collected(sink);
  }
  const eventType = value['eventType'];
  checkTypeUri(sink, value['typeURI']);
  checkId(sink, value['id']);
  checkEventType(sink, eventType);
  checkEventTime(sink, value['eventTime']);
  checkAction(sink, value['action'], eventType);
  checkOutcome(sink, value['outcome']);
  checkRole(sink, value, initiatorRole, value['initiator'], value['initiatorId']);
  checkRole(sink, value, targetRole, value['target'], value['targetId']);
  checkRole(sink, value, observerRole, value['observer'], value['observerId']);
  checkReason(sink, value['reason'], eventType);
  checkMeasurements(sink, value, eventType);
  checkText(sink, value['name'], '', 'name', maxNameLength);
  checkText(sink, value['severity'], '', 'severity', maxNameLength);
  const { duration, tags, attachments } = value;
  if (duration !== undefined) checkDuration(sink, duration);
  if (tags !== undefined) checkTags(sink, tags);
  if (attachments !== undefined) checkAttachments(sink, attachments, '');
  checkReporterchain(sink, value);
  return collected(sink);
}
