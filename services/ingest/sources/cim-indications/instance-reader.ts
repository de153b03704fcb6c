/** Gathers INSTANCE (and CLASS) elements from the events of an XML parser (DSP0203). */
import type { CimInstance, CimProperty } from './cim-instance.ts';

export interface InstanceReader {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  readonly text: (part: string) => void;
  /** The instance that this tag ends, if it is the outermost one. */
  close(name: string): CimInstance | undefined;
}

interface OpenProperty {
  readonly name: string;
  readonly values: string[];
  readonly instances: CimInstance[];
  readonly isEmbedded: boolean;
  /** Of a reference: `Key=value` of its bindings, and the host of its namespace. */
  readonly keys: string[];
}

/**
 * `embedded` reads the text of a value that may be an instance: where the attribute says so (`EmbeddedObject`, older
 * `EMBEDDEDOBJECT`), or where none is there and the text begins as one.
 */
export function createInstanceReader(embedded: (text: string) => CimInstance | undefined): InstanceReader {
  let className: string | undefined;
  let instanceDepth = 0;
  let qualifierDepth = 0;
  let properties = new Map<string, CimProperty>();
  let property: OpenProperty | undefined;
  let key = '';
  let content = '';

  function endProperty({ name, values, instances, keys }: OpenProperty): void {
    if (keys.length > 0) values.push(keys.join(','));
    const lower = name.toLowerCase();
    if (!properties.has(lower)) properties.set(lower, { values, instances });
  }

  function endValue(open: OpenProperty): void {
    const text = content;
    const instance = open.isEmbedded || text.includes('<INSTANCE') ? embedded(text) : undefined;
    if (instance !== undefined) open.instances.push(instance);
    open.values.push(text.trim());
  }

  return {
    open(name, attributes) {
      content = '';
      if (name === 'INSTANCE' || name === 'CLASS') {
        instanceDepth++;
        if (instanceDepth > 1) return;
        className = attributes[name === 'CLASS' ? 'NAME' : 'CLASSNAME'] ?? '';
        properties = new Map();
      } else if (name === 'QUALIFIER' || name === 'QUALIFIER.DECLARATION') qualifierDepth++;
      else if (qualifierDepth > 0 || instanceDepth !== 1) return;
      else if (name === 'PROPERTY' || name === 'PROPERTY.ARRAY' || name === 'PROPERTY.REFERENCE') {
        property = {
          name: attributes['NAME'] ?? '',
          values: [],
          instances: [],
          keys: [],
          isEmbedded: (attributes['EmbeddedObject'] ?? attributes['EMBEDDEDOBJECT']) !== undefined,
        };
      } else if (property === undefined) return;
      else if (name === 'INSTANCENAME') property.keys.push(attributes['CLASSNAME'] ?? '');
      else if (name === 'KEYBINDING') key = attributes['NAME'] ?? '';
    },
    text(part) {
      content += part;
    },
    close(name) {
      if (name === 'INSTANCE' || name === 'CLASS') {
        instanceDepth--;
        if (instanceDepth > 0 || className === undefined) return undefined;
        const done = { className, properties };
        className = undefined;
        return done;
      }
      if (name === 'QUALIFIER' || name === 'QUALIFIER.DECLARATION') qualifierDepth--;
      else if (property === undefined || qualifierDepth > 0 || instanceDepth !== 1) return undefined;
      else if (name === 'VALUE') endValue(property);
      else if (name === 'HOST') property.keys.unshift(`//${content.trim()}`);
      else if (name === 'KEYVALUE') property.keys.push(`${key}=${content.trim()}`);
      else if (name.startsWith('PROPERTY')) {
        endProperty(property);
        property = undefined;
      }
      content = '';
      return undefined;
    },
  };
}
