/**
 * Events as Hermes answers them (its models: sapcc/hermes pkg/hermes/events.go, sapcc/go-api-declarations cadf/event.go).
 * Its clients read members by fixed types, so that each member they know is of its type here, whatever the event has.
 */
import { readEventColumns } from '@cadf-pipeline/event-store';
import type { RoleColumns } from '@cadf-pipeline/event-store';

type Members = Readonly<Record<string, unknown>>;

/** An event of a list: the members Hermes shows, in its order. `text` is a stored event. */
export function toListItem(text: string, withDetails: boolean): Members {
  const event: unknown = JSON.parse(text);
  const columns = readEventColumns(event);
  const attachments = withDetails && isMembers(event) ? attachmentsOf(event['attachments']) : [];
  return {
    id: columns?.id ?? '',
    eventTime: columns?.eventTime ?? '',
    action: columns?.action ?? '',
    outcome: columns?.outcome ?? '',
    requestPath: columns?.requestPath ?? '',
    initiator: reference(columns?.initiator, true),
    // Hermes never names the target.
    target: reference(columns?.target, false),
    observer: reference(columns?.observer, true),
    ...(attachments.length === 0 ? {} : { attachments }),
  };
}

/** A whole event: first the members of Hermes, in its order and types, then all others as they are. */
export function toDetails(text: string): Members {
  const event: unknown = JSON.parse(text);
  if (!isMembers(event)) return {};
  const { reason, initiator, target, observer, attachments, requestPath, ...rest } = event;
  const listed = attachmentsOf(attachments);
  const always = { typeURI: '', id: '', eventTime: '', eventType: '', action: '', outcome: '' };
  return {
    ...Object.fromEntries(Object.keys(always).map((name) => [name, textOf(rest[name]) ?? ''])),
    reason: typed(reason, { reasonType: textOf, reasonCode: textOf }),
    initiator: resource(initiator),
    target: resource(target),
    observer: resource(observer),
    ...(listed.length === 0 ? {} : { attachments: listed }),
    ...present('requestPath', textOf(requestPath)),
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => !Object.hasOwn(always, name))),
  };
}

function reference(role: RoleColumns | undefined, withName: boolean): Members {
  const { id = '', name = '', type = '' } = role ?? {};
  return { typeURI: type, id, ...(withName && name !== '' ? { name } : {}) };
}

function resource(value: unknown): Members {
  const texts = [
    'name', 'domain', 'id', 'project_id', 'domain_id', 'project_name', 'project_domain_name', 'domain_name',
    'application_credential_id', 'request_id', 'global_request_id',
  ]; // prettier-ignore
  return {
    typeURI: '',
    ...typed(value, {
      typeURI: textOf,
      ...Object.fromEntries(texts.map((name) => [name, textOf])),
      addresses: (list) =>
        listOf(list, (item) => ({ url: '', ...typed(item, { url: textOf, name: textOf }) })),
      host: (host) =>
        isMembers(host)
          ? typed(host, { id: textOf, address: textOf, agent: textOf, platform: textOf })
          : undefined,
      attachments: (list) => (Array.isArray(list) ? attachmentsOf(list) : undefined),
    }),
  };
}

/** CADF calls the type of an attachment `contentType`, OpenStack and Hermes `typeURI`. */
function attachmentsOf(value: unknown): readonly Members[] {
  return (
    listOf(value, (item) => {
      const { name, typeURI, contentType, content, ...rest } = item;
      return {
        ...present('name', textOf(name)),
        typeURI: textOf(typeURI) ?? textOf(contentType) ?? '',
        content: content ?? null,
        ...rest,
      };
    }) ?? []
  );
}

type Read = (value: unknown) => unknown;

/** The members as they are, those of a type read as that type; one that is not of it is left out. */
function typed(value: unknown, types: Readonly<Record<string, Read>>): Members {
  if (!isMembers(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const read = Object.hasOwn(types, name) ? types[name] : undefined;
      const result = read === undefined ? member : read(member);
      return result === undefined ? [] : [[name, result]];
    }),
  );
}

function listOf(value: unknown, read: (item: Members) => Members): readonly Members[] | undefined {
  return Array.isArray(value) ? value.filter(isMembers).map(read) : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function present(name: string, value: string | undefined): Members {
  return value === undefined || value === '' ? {} : { [name]: value };
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
