/** The provider whose resources these are: what references mean there, and who stands for it in events. */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { resource, uriPart } from '../../src/normalize/resources.ts';
import type { NormalizerContext } from '../../src/source.ts';
import { cadfTypeOf, NO_TYPE, typeOfReference } from './resource-types.ts';
import type { ResourceType } from './resource-types.ts';

const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]{0,20}:/;

export interface Cloud {
  readonly name: string;
  readonly provider: Resource;
  /** Account the documents were read with, where the settings tell it. */
  readonly account: string | undefined;
  /** What a reference points to, absolute; without who logs in, query and fragment. */
  keyOf(reference: string): string;
  /** The resource a reference points to. `type`: where the document tells it; else by the names in the path. */
  resourceAt(reference: string, type?: ResourceType, name?: string): Resource;
}

/** Options: `base-uri` of the provider's entry point, `account`. `baseUri`: where the collector found another one. */
export function createCloud({ host, sourceName, options }: NormalizerContext, baseUri?: string): Cloud {
  const name = host ?? sourceName;
  const base = baseUri ?? options?.['base-uri'] ?? '';

  function keyOf(reference: string): string {
    const whole = resolved(reference, base);
    if (whole !== undefined) return whole;
    const path = reference.replace(/[?#].*$/s, '').replaceAll(/\/{2,}/g, '/');
    return `${name}/${path.replace(/^\//, '')}`;
  }

  return {
    name,
    provider: resource('service/oss', uriPart(name), name),
    account: options?.['account'],
    keyOf,
    resourceAt(reference, type = NO_TYPE, label = '') {
      const told = cadfTypeOf(type);
      const typeUri = told === 'unknown' ? cadfTypeOf(typeOfReference(reference)) : told;
      return resource(typeUri, uriPart(keyOf(reference)), label);
    },
  };
}

/** An absolute URI; undefined where there is nothing to resolve it by. */
function resolved(reference: string, base: string): string | undefined {
  if (!ABSOLUTE.test(reference) && base === '') return undefined;
  try {
    const uri = base === '' ? new URL(reference) : new URL(reference, base.endsWith('/') ? base : `${base}/`);
    uri.username = '';
    uri.password = '';
    uri.search = '';
    uri.hash = '';
    uri.pathname = uri.pathname.replaceAll(/\/{2,}/g, '/');
    return uri.href;
  } catch {
    return undefined;
  }
}
