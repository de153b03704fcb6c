/** What consumers ask to be done: POST, PUT and DELETE of DSP0263 clause 4.2, each answered with its job. */
import { MADE } from './cloud.ts';
import type { LiveCloud, Ordered } from './cloud.ts';
import type { CimiValue } from './resource.ts';
import type { Attributes, CloudStore } from './store.ts';

export interface ConsumerRequest {
  readonly method: string;
  /** Below baseURI. */
  readonly path: string;
  /** JSON or XML. */
  readonly body: string;
  /** Who asks, for the access that is logged. */
  readonly initiator: string;
}

export interface ConsumerAnswer {
  readonly status: number;
  readonly job?: string;
  readonly location?: string;
  /** Why it was not done: the text of the job it is answered with. */
  readonly failure?: string;
}

const BODY_KEPT = ['name', 'description', 'memory', 'cpu', 'capacity', 'properties'] as const;

export function takeRequest(request: ConsumerRequest, store: CloudStore, cloud: LiveCloud): ConsumerAnswer {
  const { method, path, initiator } = request;
  const at = cloud.now();
  const answer = decide(request, store, cloud);
  // An action by its own name: the method would not tell it from another one.
  const operation = verbOf(readBody(request.body) ?? {}) ?? method;
  cloud.journal.access(operation, path, initiator, answer.failure === undefined ? 'Success' : 'Failure', at);
  return answer;
}

function decide(
  { method, path, body }: ConsumerRequest,
  store: CloudStore,
  cloud: LiveCloud,
): ConsumerAnswer {
  const asked = readBody(body);
  if (asked === undefined) return { status: 400, failure: 'The body is neither JSON nor XML' };
  const found = store.get(path);
  if (found === undefined) {
    if (method !== 'POST' || !Object.hasOwn(MADE, path))
      return { status: 404, failure: `There is no ${path}` };
    const verb = verbOf(asked);
    if (verb === 'import') return accepted(cloud.importPackage(String(asked['source'] ?? 'package.ova')));
    return accepted(cloud.add(path, attributesOf(asked)));
  }
  if (method === 'PUT') return { status: 200, job: cloud.edit(path, attributesOf(asked)).job };
  if (method !== 'POST' && method !== 'DELETE')
    return { status: 405, failure: `${method} is no operation of CIMI` };
  const verb = method === 'DELETE' ? 'delete' : verbOf(asked);
  if (verb === undefined) return { status: 400, failure: 'The body names no action' };
  const ordered = cloud.act(verb, path, asked);
  if (ordered === undefined)
    return { status: 409, failure: `${path} takes no ${verb} as it is: ${stateOf(found.attributes)}` };
  const destination = verb === 'export' ? String(asked['destination'] ?? `packages/${path}.ova`) : undefined;
  return { ...accepted(ordered), ...(destination === undefined ? {} : { location: destination }) };
}

function accepted({ job, resource }: Ordered): ConsumerAnswer {
  return { status: 202, job, ...(resource === undefined ? {} : { location: resource }) };
}

function stateOf(attributes: Attributes): string {
  return String(attributes['state'] ?? 'it has no state');
}

function verbOf(asked: Attributes): string | undefined {
  const action = asked['action'];
  return typeof action === 'string' ? action.slice(action.lastIndexOf('/') + 1).toLowerCase() : undefined;
}

/** Of the body itself, and of the template that it holds by value. */
function attributesOf(asked: Attributes): Record<string, CimiValue> {
  const template = Object.entries(asked).find(([key]) => key.endsWith('Template'))?.[1];
  const all = { ...(typeof template === 'object' ? (template as Attributes) : {}), ...asked };
  return Object.fromEntries(
    BODY_KEPT.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]] as const])),
  );
}

/** Of XML the elements that hold text alone: enough for what a cloud is asked in tests. */
function readBody(body: string): Attributes | undefined {
  const text = body.trim();
  if (text === '') return {};
  if (text.startsWith('<'))
    return Object.fromEntries(
      [...text.matchAll(/<(\w{1,64})>([^<]{0,1000})<\/\1>/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Attributes) : undefined;
  } catch {
    return undefined;
  }
}
