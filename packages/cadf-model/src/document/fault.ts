/** Codes of documents that hold no event where one should be; each is an error. */
export const documentFaults = {
  CADF_DOCUMENT_UNKNOWN: {
    title: 'this is no CADF event and no envelope of one that is known',
    hint: 'send an event, a list of events, a CADF Log or Report, an OpenStack notification or a CloudEvent',
  },
  CADF_DOCUMENT_EMPTY: { title: 'there is no event in it', hint: 'send at least one event' },
  CADF_DOCUMENT_TOO_DEEP: {
    title: 'the envelopes are nested too deeply',
    hint: 'send the event itself, or in one envelope',
  },
  CADF_DOCUMENT_TOO_MANY_EVENTS: {
    title: 'the document holds more events than one document may; from here on none was taken',
    hint: 'split the document, or send NDJSON',
  },
  CADF_DOCUMENT_EMBEDDED_JSON: {
    title: 'the string should hold JSON and does not',
    hint: 'put the notification as JSON text into the string, or send it without the outer envelope',
  },
  CADF_DOCUMENT_BINARY_DATA: {
    title: 'the CloudEvent has its data in data_base64',
    hint: 'put the event as a JSON object into "data"',
  },
} as const;

export type DocumentFaultCode = keyof typeof documentFaults;

/** Code of an id that refers to nothing the Log or Report defines; a warning. */
export const referenceFault = {
  CADF_REFERENCE_UNDEFINED: {
    title: 'the id refers to nothing that the Log or Report defines',
    hint: 'define it in "resources", "geolocations" or "metrics" of the Log or Report, or give the object itself',
  },
} as const;
