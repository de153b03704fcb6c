/** Type URIs of DSP0262 1.0.0 (5.6.1, entity type URIs) and the XML namespace of the event schema. */

export const cadfBaseUri = 'http://schemas.dmtf.org/cloud/audit/1.0/';
export const eventTypeUri = 'http://schemas.dmtf.org/cloud/audit/1.0/event';
export const logTypeUri = 'http://schemas.dmtf.org/cloud/audit/1.0/log';
export const reportTypeUri = 'http://schemas.dmtf.org/cloud/audit/1.0/report';
/** Namespace of `cadf:event` and everything below it in XML. */
export const cadfXmlNamespace = 'http://schemas.dmtf.org/cloud/audit/1.0/event';
