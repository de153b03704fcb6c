/** A reader of syslog lines as RFC 5424 says, for tests. */

/** RFC 5424 6, as its grammar says. */
const GRAMMAR =
  /^<(?<priority>\d{1,3})>1 (?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (?<host>[!-~]{1,255}) cadf - (?<id>[!-~]{1,32}) \[(?<sd>[!#-<>-\\^-~]{1,32}(?: [a-z]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\] (?<message>[^]*)$/u;

/** Its parts by the names of the groups. */
export function parseSyslog(line: string): Record<string, string> {
  const groups = GRAMMAR.exec(line)?.groups;
  if (groups === undefined) throw new Error(`no RFC 5424: ${line.slice(0, 300)}`);
  return groups;
}
