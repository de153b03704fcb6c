/**
 * vobd: `[Correlator] Nus: [ID] TEXT`. Each happening is logged twice or three times (vob by two correlators, then
 * esx.audit); only `esx.audit.…` becomes an event.
 */
import { service } from '../../src/normalize/resources.ts';
import { esxAuditOperation } from '../vmware-vcenter/esx-audit.ts';
import { readEventText } from '../vmware-vcenter/event-texts.ts';
import type { EsxiLine } from './esxi-line.ts';
import type { Said } from './finding.ts';
import { actor, target } from './resources.ts';

const OBSERVATION = /^\[[A-Za-z]{1,64}\]\s{0,3}\d{1,20}us:\s{0,3}\[([A-Za-z0-9_.-]{1,160})\]\s{0,3}/;
/** What the host does of its own accord, whoever caused it. */
const ITS_OWN =
  /^esx\.audit\.(?:account\.|host\.boot|host\.crash|host\.(?:poweroff|reboot|quickboot)\.reason|uw\.security\.execInstalledOnly)/;

export function readVobd({ text }: EsxiLine, host: string): Said {
  const found = OBSERVATION.exec(text.slice(0, 300));
  if (found === null) return { ignored: 'debug-message' };
  const id = found[1] ?? '';
  const operation = esxAuditOperation(id);
  if (operation === undefined || operation.isNoise === true) {
    const rule = operation?.rule ?? 'host-health';
    return {
      rule,
      action: 'notify',
      outcome: 'unknown',
      initiator: service(host, 'vobd'),
      target: target(host, 'node'),
      name: id,
      isNoise: true,
    };
  }
  const message = text.slice(found[0].length);
  const facts = readEventText(message);
  const name = facts?.object ?? /'([^']{1,256})'/.exec(message.slice(0, 512))?.[1];
  const isSession = operation.action.startsWith('authenticate/');
  const user = facts?.user ?? (isSession ? name : undefined);
  return {
    rule: operation.rule,
    action: operation.action,
    outcome: operation.outcome,
    initiator:
      ITS_OWN.test(id) && !isSession ? service(host, 'vobd') : actor(host, user, facts?.address).initiator,
    target: target(host, operation.kind, isSession ? undefined : name),
    name: id,
  };
}
