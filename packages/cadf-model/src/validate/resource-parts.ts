/** What a resource is made of: credential, addresses, host, geolocation (DSP0262: the types of those names). */
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import { checkText, listOf, maxAddressLength, maxKeyLength, maxNameLength } from './text.ts';

/** The member as an object; undefined when it is absent or, which is reported, something else. */
function part(sink: FaultSink, value: unknown, base: string, member: string): Members | undefined {
  if (isMembers(value)) return value;
  report(sink, value === null ? 'CADF_MEMBER_NULL' : 'CADF_MEMBER_TYPE', `${base}/${member}`, value);
  return undefined;
}

export function checkHost(sink: FaultSink, value: unknown, base: string): void {
  const host = part(sink, value, base, 'host');
  if (host === undefined) return;
  const { id, address, agent, platform } = host;
  if (isText(id, maxKeyLength) && isText(address, maxAddressLength)) {
    if (isText(agent, maxAddressLength) && isText(platform, maxNameLength)) return;
  }
  const at = `${base}/host`;
  checkText(sink, id, at, 'id', maxKeyLength);
  checkText(sink, address, at, 'address', maxAddressLength);
  checkText(sink, agent, at, 'agent', maxAddressLength);
  checkText(sink, platform, at, 'platform', maxNameLength);
}

function isText(value: unknown, maxLength: number): boolean {
  return value === undefined || (typeof value === 'string' && value.length <= maxLength);
}

/** Messages never show a token. */
export function checkCredential(sink: FaultSink, value: unknown, base: string): void {
  const credential = part(sink, value, base, 'credential');
  if (credential === undefined) return;
  const { token, type, authority, assertions } = credential;
  if (token === undefined || token === '' || token === null) {
    report(sink, 'CADF_CREDENTIAL_TOKEN_MISSING', `${base}/credential/token`);
  }
  if (!isText(type, maxAddressLength)) checkText(sink, type, `${base}/credential`, 'type', maxAddressLength);
  if (!isText(authority, maxAddressLength)) {
    checkText(sink, authority, `${base}/credential`, 'authority', maxAddressLength);
  }
  if (assertions !== undefined) checkMap(sink, assertions, `${base}/credential/assertions`);
}

export function checkAddresses(sink: FaultSink, value: unknown, base: string): void {
  const list = listOf(sink, value, base, 'addresses');
  if (list === undefined) return;
  for (let index = 0; index < list.length; index++) {
    const endpoint = list[index];
    if (!isMembers(endpoint)) {
      report(sink, 'CADF_MEMBER_TYPE', `${base}/addresses/${index}`, endpoint);
      continue;
    }
    const { url, name, port } = endpoint;
    if (typeof url === 'string' && url !== '' && url.length <= maxAddressLength) {
      if (isText(name, maxNameLength) && isText(port, maxNameLength)) continue;
    }
    reportEndpoint(sink, endpoint, `${base}/addresses/${index}`);
  }
}

function reportEndpoint(sink: FaultSink, endpoint: Members, at: string): void {
  const { url, name, port } = endpoint;
  if (url === undefined || url === '' || url === null) report(sink, 'CADF_ENDPOINT_URL_MISSING', `${at}/url`);
  else checkText(sink, url, at, 'url', maxAddressLength);
  checkText(sink, name, at, 'name', maxNameLength);
  checkText(sink, port, at, 'port', maxNameLength);
}

const geolocationTexts = ['id', 'city', 'state', 'regionICANN'] as const;

export function checkGeolocation(sink: FaultSink, value: unknown, base: string): void {
  const geolocation = part(sink, value, base, 'geolocation');
  if (geolocation === undefined) return;
  const at = `${base}/geolocation`;
  let properties = 0;
  for (const member in geolocation) if (geolocation[member] !== undefined) properties++;
  if (properties === 0) return report(sink, 'CADF_GEOLOCATION_EMPTY', at);
  for (const member of geolocationTexts) checkText(sink, geolocation[member], at, member, maxNameLength);
  checkCoordinate(sink, geolocation['latitude'], `${at}/latitude`);
  checkCoordinate(sink, geolocation['longitude'], `${at}/longitude`);
  checkMetres(sink, geolocation['elevation'], at, 'elevation');
  checkMetres(sink, geolocation['accuracy'], at, 'accuracy');
  const annotations = geolocation['annotations'] ?? geolocation['annotation'];
  if (annotations !== undefined) checkMap(sink, annotations, `${at}/annotations`);
}

/** ISO 6709 annex H degrees, or degrees with minutes and seconds; also with N, S, E, W in front as emitters write. */
const coordinate = /^(?:[+-]|[NSEW])?\d{1,7}(?:\.\d{1,12})?$/;

function checkCoordinate(sink: FaultSink, value: unknown, pointer: string): void {
  if (value === undefined) return;
  if (typeof value !== 'string') return report(sink, 'CADF_MEMBER_TYPE', pointer, value);
  if (!coordinate.test(value)) report(sink, 'CADF_GEOLOCATION_COORDINATE', pointer, value);
}

function checkMetres(sink: FaultSink, value: unknown, base: string, member: string): void {
  if (typeof value !== 'number') checkText(sink, value, base, member, maxNameLength);
}

/** cadf:Map: a list of keys and values, or an object. */
export function checkMap(sink: FaultSink, value: unknown, pointer: string): void {
  if (isMembers(value)) return;
  if (Array.isArray(value) && value.every((item) => isMembers(item) && typeof item['key'] === 'string'))
    return;
  report(sink, 'CADF_MAP_FORM', pointer, value);
}
