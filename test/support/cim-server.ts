/**
 * A CIM server for tests, on a real socket: instances per namespace, the operations that subscriptions need, and the
 * ways servers differ. Written from DSP0200, DSP0201 and DSP1054; strict where servers in use are.
 */
import { createServer as createHttp } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { attributeOf, childElements, escapeAttribute, readXmlTree, textOf } from '@cadf-pipeline/cadf-model';
import type { XmlElement } from '@cadf-pipeline/cadf-model';
import {
  deepest,
  deepestKey,
  keyXml,
  nameAttribute,
  nameText,
  parse,
  textWithin,
  toXml,
} from './cim-xml-tree.ts';

export interface CimServerOptions {
  /** Its interop namespace. */
  readonly interop?: string;
  /** Indication classes (and classes after ISA) by the namespace they arise in; a query for others is refused. */
  readonly classes?: Readonly<Record<string, readonly string[]>>;
  /** What it calls itself in CIM_ObjectManager; null where it has none. Other SystemNames are refused. */
  readonly systemName?: string | null;
  /** Whether destinations are of the class that servers had before CIM 2.6. */
  readonly isOld?: boolean;
  /** Properties its schema does not have. */
  readonly unknownProperties?: readonly string[];
  readonly queryLanguages?: readonly string[];
  /** Class it gives to subscriptions that are made, as sfcb does. */
  readonly subscriptionClass?: string;
  readonly basic?: { readonly user: string; readonly password: string };
  readonly tls?: { readonly key: string; readonly cert: string; readonly clientCa?: string };
  /** Refuses every change with this status. */
  readonly refuseChanges?: { readonly code: number; readonly description: string };
  /** Answers in place of CIM-XML. */
  readonly answer?: {
    readonly status: number;
    readonly headers?: Record<string, string>;
    readonly body: string;
  };
}

interface StoredInstance {
  readonly className: string;
  readonly name: XmlElement;
  properties: XmlElement[];
}

export interface CimServer {
  readonly url: string;
  /** Headers and bodies, as received. */
  readonly requests: readonly {
    readonly method: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
  /** Names of the instances of a class, from the property or key `Name`; of subscriptions, of their filters. */
  names(className: string): readonly string[];
  /** Sets a property of the instance with this name, behind everybody's back. */
  change(className: string, name: string, property: string, value: string): void;
  close(): Promise<void>;
}

/** Thrown inside, answered as an ERROR element. */
class CimError extends Error {
  readonly code: number;
  constructor(code: number, description: string) {
    super(description);
    this.code = code;
  }
}

const FILTER = 'CIM_IndicationFilter';
const SUBSCRIPTION = 'CIM_IndicationSubscription';

export async function startCimServer(options: CimServerOptions = {}): Promise<CimServer> {
  const {
    interop = 'root/interop',
    classes = {},
    systemName = 'cim.example',
    unknownProperties = [],
    queryLanguages = ['WQL', 'DMTF:CQL'],
    subscriptionClass = SUBSCRIPTION,
  } = options;
  const destination =
    options.isOld === true ? 'CIM_IndicationHandlerCIMXML' : 'CIM_ListenerDestinationCIMXML';
  const stored = new Map<string, StoredInstance[]>([
    [FILTER, []],
    [destination, []],
    [SUBSCRIPTION, []],
  ]);
  const requests: { method: string; headers: IncomingMessage['headers']; body: string }[] = [];

  function instancesOf(className: string): StoredInstance[] {
    const known = className === subscriptionClass ? SUBSCRIPTION : className;
    const found = stored.get(known);
    if (found === undefined) throw new CimError(5, `${className} does not exist`);
    return found;
  }

  function enumerate(className: string): string {
    if (className === 'CIM_ObjectManager' && systemName !== null)
      return `<VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME="Sim_ObjectManager"><KEYBINDING NAME="Name"><KEYVALUE VALUETYPE="string">sim</KEYVALUE></KEYBINDING></INSTANCENAME><INSTANCE CLASSNAME="Sim_ObjectManager"><PROPERTY NAME="SystemName" TYPE="string"><VALUE>${systemName}</VALUE></PROPERTY></INSTANCE></VALUE.NAMEDINSTANCE>`;
    return instancesOf(className)
      .map(
        (one) =>
          `<VALUE.NAMEDINSTANCE>${toXml(one.name)}<INSTANCE CLASSNAME="${one.className}">${one.properties.map(toXml).join('')}</INSTANCE></VALUE.NAMEDINSTANCE>`,
      )
      .join('');
  }

  function create(instance: XmlElement): string {
    const className = attributeOf(instance, 'CLASSNAME') ?? '';
    const all = instancesOf(className);
    const properties = childElements(instance);
    const unknown = properties.find((one) => unknownProperties.includes(nameAttribute(one)));
    if (unknown !== undefined)
      throw new CimError(4, `${nameAttribute(unknown)} is not a property of ${className}`);
    const value = (name: string): string => textWithin(properties.find((one) => nameAttribute(one) === name));
    const isSubscription = className === SUBSCRIPTION;
    if (isSubscription) checkReferences(properties);
    else {
      if (systemName !== null && value('SystemName') !== systemName)
        throw new CimError(4, `${value('SystemName')} is no valid SystemName`);
      if (value('Name') === '' || value('CreationClassName') !== className)
        throw new CimError(4, 'a key property is missing');
    }
    if (className === FILTER)
      checkQuery(
        value('QueryLanguage'),
        value('Query'),
        value('SourceNamespace') || value('SourceNamespaces'),
      );
    if (className === destination && value('Destination') === '')
      throw new CimError(4, 'Destination is missing');
    const keys = isSubscription
      ? ['Filter', 'Handler']
      : ['SystemCreationClassName', 'SystemName', 'CreationClassName', 'Name'];
    const made = isSubscription ? subscriptionClass : className;
    const name = parse(
      `<INSTANCENAME CLASSNAME="${made}">${keys.map((key) => keyXml(key, properties)).join('')}</INSTANCENAME>`,
    );
    if (all.some((one) => nameText(one.name) === nameText(name)))
      throw new CimError(11, 'it is there already');
    all.push({ className: made, name, properties: [...properties] });
    return toXml(name);
  }

  function checkReferences(properties: readonly XmlElement[]): void {
    for (const [end, className] of [
      ['Filter', FILTER],
      ['Handler', destination],
    ] as const) {
      const reference = properties.find((one) => nameAttribute(one) === end);
      const name = reference === undefined ? undefined : deepest(reference, 'INSTANCENAME');
      if (name === undefined || !instancesOf(className).some((one) => nameText(one.name) === nameText(name)))
        throw new CimError(6, `${end} not found`);
    }
  }

  function checkQuery(language: string, query: string, namespace: string): void {
    if (!queryLanguages.includes(language)) throw new CimError(14, language);
    const words = /^SELECT \* FROM (\w+)(?: WHERE SourceInstance ISA ('?)(\w+)\2)?$/.exec(query);
    if (words === null || (words[3] !== undefined && (words[2] === "'") !== (language === 'WQL')))
      throw new CimError(15, `cannot be read: ${query}`);
    const there = classes[namespace];
    if (there === undefined) throw new CimError(3, namespace);
    for (const name of [words[1], words[3]])
      if (name !== undefined && !there.includes(name))
        throw new CimError(5, `${name} does not exist in ${namespace}`);
  }

  function modify(named: XmlElement, list: readonly string[]): string {
    const one = find(deepest(named, 'INSTANCENAME'));
    if (one.className !== subscriptionClass || list.join() !== 'SubscriptionState')
      throw new CimError(7, 'only SubscriptionState can be modified');
    const changed = childElements(deepest(named, 'INSTANCE') ?? named);
    one.properties = one.properties.map(
      (property) => changed.find((other) => nameAttribute(other) === nameAttribute(property)) ?? property,
    );
    return '';
  }

  function remove(name: XmlElement): string {
    const one = find(name);
    const used = nameText(one.name);
    if (
      (stored.get(SUBSCRIPTION) ?? []).some((other) =>
        other.properties.some((property) => nameText(property) === used),
      )
    )
      throw new CimError(1, `${one.className} in use`);
    const all = instancesOf(one.className);
    all.splice(all.indexOf(one), 1);
    return '';
  }

  function find(name: XmlElement | undefined): StoredInstance {
    if (name === undefined) throw new CimError(4, 'no instance name');
    const one = instancesOf(attributeOf(name, 'CLASSNAME') ?? '').find(
      (other) => nameText(other.name) === nameText(name),
    );
    if (one === undefined) throw new CimError(6, 'no such instance');
    return one;
  }

  function perform(call: XmlElement): string {
    const method = nameAttribute(call);
    const [path, ...parameters] = childElements(call);
    const namespace = path === undefined ? '' : childElements(path).map(nameAttribute).join('/');
    if (namespace !== interop && classes[namespace] === undefined) throw new CimError(3, namespace);
    const parameter = (name: string): XmlElement =>
      childElements(parameters.find((one) => nameAttribute(one) === name) ?? call)[0] ?? call;
    if (method === 'EnumerateInstances') return enumerate(nameAttribute(parameter('ClassName')));
    if (options.refuseChanges !== undefined)
      throw new CimError(options.refuseChanges.code, options.refuseChanges.description);
    if (method === 'CreateInstance') return create(parameter('NewInstance'));
    if (method === 'ModifyInstance')
      return modify(parameter('ModifiedInstance'), childElements(parameter('PropertyList')).map(textOf));
    if (method === 'DeleteInstance') return remove(parameter('InstanceName'));
    throw new CimError(7, method);
  }

  function answerTo(
    body: string,
    headers: IncomingMessage['headers'],
  ): { status: number; cimError?: string; body: string } {
    const tree = readXmlTree(body);
    const root = 'root' in tree ? tree.root : undefined;
    const message = root === undefined ? undefined : childElements(root)[0];
    const call = message === undefined ? undefined : deepest(message, 'IMETHODCALL');
    if (message === undefined || call === undefined)
      return { status: 400, cimError: 'request-not-well-formed', body: '' };
    const method = nameAttribute(call);
    if (headers['cimoperation'] !== 'MethodCall' || headers['cimmethod'] !== method)
      return { status: 400, cimError: 'header-mismatch', body: '' };
    let result: string;
    try {
      const returned = perform(call);
      result = returned === '' ? '' : `<IRETURNVALUE>${returned}</IRETURNVALUE>`;
    } catch (error) {
      if (!(error instanceof CimError)) throw error;
      result = `<ERROR CODE="${error.code}" DESCRIPTION="${escapeAttribute(error.message)}"/>`;
    }
    return {
      status: 200,
      body: `<?xml version="1.0" encoding="utf-8" ?>\n<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="${attributeOf(message, 'ID')}" PROTOCOLVERSION="1.0"><SIMPLERSP><IMETHODRESPONSE NAME="${method}">${result}</IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>`,
    };
  }

  async function listen(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const { headers } = request;
    requests.push({ method: String(headers['cimmethod']), headers, body });
    const { answer, basic } = options;
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end(answer.body);
    else if (basic !== undefined && headers.authorization !== basicHeader(basic))
      response.writeHead(401, { 'www-authenticate': 'Basic realm="cim"' }).end();
    else {
      const { status, cimError, body: text } = answerTo(body, headers);
      response.writeHead(status, {
        'content-type': 'application/xml; charset="utf-8"',
        CIMOperation: 'MethodResponse',
        ...(cimError === undefined ? {} : { CIMError: cimError }),
      });
      response.end(text);
    }
  }

  const handler: RequestListener = (request, response) => {
    listen(request, response).catch((error: unknown) => response.destroy(error as Error));
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? createHttp(handler)
      : createHttps(
          {
            key: tls.key,
            cert: tls.cert,
            ...(tls.clientCa === undefined
              ? {}
              : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }),
          },
          handler,
        );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const label = ({ name }: StoredInstance): string => {
    const keys = childElements(name);
    return textWithin(keys.find((key) => nameAttribute(key) === 'Name') ?? deepestKey(keys, 'Filter'));
  };
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    names: (className) => (stored.get(className) ?? []).map(label),
    change(className, name, property, value) {
      const one = (stored.get(className) ?? []).find((other) => label(other) === name);
      if (one === undefined) throw new Error(`no ${className} ${name}`);
      one.properties = one.properties.map((other) =>
        nameAttribute(other) === property
          ? parse(
              `<PROPERTY NAME="${property}" TYPE="string"><VALUE>${escapeAttribute(value)}</VALUE></PROPERTY>`,
            )
          : other,
      );
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function basicHeader({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
