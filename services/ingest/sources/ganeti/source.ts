/** Logs and job files of Ganeti clusters. */
import type { Source } from '../../src/source.ts';
import { beginsAsCommand, beginsAsFileLine, isGanetiProgram } from './log-line.ts';
import { createNormalizer, looksContinued } from './normalizer.ts';

const LEVEL_FIRST = /^(?:\([^()]{1,64}\) )?(?:DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL) /;
const JOB_FILE = /"(?:OP_ID|livelock|received_timestamp|exec_timestamp)":/;
const FILE_PROGRAM = /: (?:job-\d|ganeti-|gnt-|masterd|noded|rapi|watcher)/;

export const source: Source = {
  id: 'ganeti',
  describe: {
    title: 'Ganeti cluster jobs, remote API and commands',
    vendor: 'Ganeti',
    documents: [
      'https://docs.ganeti.org/docs/ganeti/3.0/html/admin.html',
      'https://docs.ganeti.org/docs/ganeti/3.0/html/rapi.html',
      'https://docs.ganeti.org/docs/ganeti/3.0/html/design-reason-trail.html',
      'https://github.com/ganeti/ganeti',
    ],
    framings: ['lines', 'json'],
  },
  recognize({ message, program }, record) {
    if (message.charCodeAt(0) === 0x7b) {
      const start = message.slice(0, 4096);
      return start.includes('"ops":') && JOB_FILE.test(start) && record.text.length > 20
        ? { rule: 'job-file', certainty: 1 }
        : undefined;
    }
    if (beginsAsFileLine(message))
      return FILE_PROGRAM.test(message.slice(19, 64))
        ? { rule: 'log-line', certainty: 1 }
        : { rule: 'log-line-of-other', certainty: 0.5 };
    if (program !== undefined && isGanetiProgram(program))
      return LEVEL_FIRST.test(message.slice(0, 128))
        ? { rule: 'syslog-line', certainty: 0.9 }
        : { rule: 'program', certainty: 0.5 };
    return beginsAsCommand(message) ? { rule: 'syslog-command', certainty: 0.9 } : undefined;
  },
  continues: ({ text }) => text === '' || looksContinued(text),
  fields: {
    id: 'host and job with its receipt (file) or the second it began (log); else program, pid, second and text of the line',
    eventType: 'control for dry runs, else activity',
    eventTime: 'end_timestamp of the job (file); the time of the line (log)',
    action: 'OP_ID of the deciding operation; method and path of a request; verb of a command',
    outcome: 'status of the job; "Caught exception", "Finished job … status"; HTTP code',
    'initiator.id':
      'first program of the reason trail (file); address of a request; a daemon for its own start; else unknown',
    'initiator.host': 'address of a request',
    'target.id': 'instance_uuid, node_uuid; else host, kind and name',
    'target.name': 'instance_name, node_name, group_name, network_name; brackets behind the operation (log)',
    'observer.id': 'host, and ganeti or the daemon',
    'reason.reasonCode': 'code or class of the error, else the status; HTTP code',
    name: 'OP_ID; request line; command',
    tags: 'job, other operations of it, parent job, words of the user, what was redacted, how the time was read',
  },
  rules: {
    'op-*': 'an operation of a job with a meaning in the table of README.md',
    'unmapped-op': 'an operation that is not in the table',
    'dry-run': 'a job that only tries (dry_run)',
    'read-job': 'a job that changes nothing: queries, verification, tests',
    'job-end-without-begin': 'the end of a job whose beginning was not read',
    'job-progress': 'what a job says on its way',
    'rapi-job': 'a request that makes a job',
    'rapi-dry-run': 'a request that makes a job that only tries',
    'rapi-cancel-job': 'a request to cancel a job',
    'rapi-filter': 'a request that changes a filter rule of the queue',
    'rapi-auth-failed': 'a request without valid credentials (401)',
    'rapi-forbidden': 'a request to read that was forbidden (403)',
    'rapi-refused': 'a request refused before it was read',
    'rapi-read': 'a request that changes nothing',
    'unmapped-rapi': 'a request with a method and path that are not in the table',
    'peer-refused': 'a node daemon refused a peer (401, 403)',
    command: 'a command of the gnt-* tools that began or failed',
    'unmapped-command': 'a command that is not in the table',
    'read-command': 'a command that changes nothing',
    'command-message': 'what a command says on its way',
    'daemon-start': 'a daemon started',
    'daemon-stop': 'a daemon was asked to end',
    'node-daemon': 'calls between nodes and what they run',
    watcher: 'what the watcher says; its actions are jobs',
    'daemon-message': 'any other line of a daemon',
    'continuation-line':
      'a part of a message of several lines whose first one is another outcome or was not read',
    'other-program': 'a line of another program in the same syslog',
    'blank-line': 'nothing on the line',
  },
  createNormalizer,
};
