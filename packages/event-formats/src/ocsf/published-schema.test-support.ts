/** The published schema of OCSF: the library ocsf-json-schema of PyPI has it, and makes JSON Schemas of its classes. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { pythonLibraryMissing, runPython } from '../../../../test/support/python-library.ts';
import { OCSF_VERSION } from './classes.ts';

const LIBRARY = { name: 'ocsf-json-schema', version: '1.2.0' };

/** Why it cannot be had here, or undefined. */
export async function ocsfSchemaMissing(): Promise<string | undefined> {
  return pythonLibraryMissing(LIBRARY);
}

export interface PublishedClass {
  readonly uid: number;
  readonly caption: string;
  readonly categoryCaption: string;
  /** By their ids. */
  readonly activities: Readonly<Record<string, string>>;
  /** What the published schema has against an event of this class; empty: nothing. */
  readonly faultsOf: (event: unknown) => readonly string[];
}

interface Dumped {
  readonly uid: number;
  readonly caption: string;
  readonly category: string;
  readonly activities: Record<string, string>;
  readonly schema: object;
}

const DUMP = `
import json, sys
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
schema = get_ocsf_schema(sys.argv[1])
maker = OcsfJsonSchemaEmbedded(schema)
print(json.dumps([{
    "uid": one["uid"], "caption": one["caption"], "category": next(iter(one["attributes"]["category_uid"]["enum"].values()))["caption"],
    "activities": {id: of["caption"] for id, of in one["attributes"]["activity_id"]["enum"].items()},
    "schema": maker.get_class_schema(name),
} for name, one in schema["classes"].items() if str(one["uid"]) in sys.argv[2:]]))
`;

/** Classes by their uids. */
export function publishedClasses(uids: readonly number[]): ReadonlyMap<number, PublishedClass> {
  const args = [OCSF_VERSION, ...uids.map(String)];
  const dumped: Dumped[] = JSON.parse(runPython(LIBRARY, DUMP, { args }));
  return new Map(
    dumped.map(({ uid, caption, category, activities, schema }) => {
      const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
      const validate = ajv.compile(schema);
      const faultsOf = (event: unknown): string[] =>
        validate(event)
          ? []
          : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message ?? ''}`);
      return [uid, { uid, caption, categoryCaption: category, activities, faultsOf }];
    }),
  );
}
