/** Turns Ganeti's logs and job files into CADF events (README.md tells the mapping). */
import { createSourceEvents } from '../../src/normalize/event-draft.ts';
import { isUsableTime, exactTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { createDaemonEvents } from './daemon-event.ts';
import type { DaemonLine } from './daemon-event.ts';
import { readJobFile } from './job-file.ts';
import { decideJob } from './job-file-event.ts';
import { isWhole, readJobLine } from './job-line.ts';
import { createJobLog } from './job-log.ts';
import type { JobPlace } from './job-log.ts';
import { readLogLine } from './log-line.ts';
import type { LogLine } from './log-line.ts';
import { createOpenBlock } from './open-block.ts';
import { readHttpRequest } from './rapi.ts';
import { redactJson } from './redaction.ts';

const REASON_TYPE = 'https://docs.ganeti.org/docs/ganeti/3.0/html/';
const RAPI = 'ganeti-rapi';
const NODE_DAEMON = 'ganeti-noded';
/** Of the master daemon before 2.13: `Jq3/Job22/I_STARTUP`. */
const JOB_THREAD = /(?:^|\/)Job(\d{1,15})(?:\/|$)/;
const STARTUP = ' daemon startup';
const SHUTDOWN = /^Received signal \d{1,3} asking for shutdown$/;

/** Options: `keep`, `timezone`. Throws TimeZoneError. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const events = createSourceEvents('ganeti', REASON_TYPE);
  const ignoring = createIgnoring(context);
  const jobs = createJobLog(events, ignoring);
  const daemons = createDaemonEvents(events, ignoring);
  const block = createOpenBlock();

  function push(record: RawRecord): Outcome[] {
    const header = readHeader(record, clock);
    if (header.message.charCodeAt(0) === 0x7b) return [...block.close(), jobFile(header, record)];
    const line = readLogLine(header, record, clock);
    if (line === undefined) return [...behindLine(header, record)];
    const outcomes = block.close();
    outcomes.push(...ofLine(line, record));
    return outcomes;
  }

  function behindLine(header: RecordHeader, record: RawRecord): Outcome[] {
    const isBare = header.form === 'none' || header.form === 'envelope';
    if (isBare && block.add(record)) return [];
    if (header.message.trim() === '') return [ignoring.ignored('blank-line', [record])];
    if (!isBare) return [ignoring.ignored('other-program', [record])];
    if (looksContinued(header.message)) return [ignoring.ignored('continuation-line', [record])];
    return [
      ...block.close(),
      deadLetter(
        [record],
        'GANETI_LINE_UNREADABLE',
        'No line of a Ganeti log ("YYYY-MM-DD HH:MM:SS,mmm: PROGRAM pid=P LEVEL …"), no job of its queue, and no part of a traceback.',
      ),
    ];
  }

  function jobFile(header: RecordHeader, record: RawRecord): Outcome {
    const read = readJobFile(header.message);
    if (read.kind === 'unreadable') return deadLetter([record], read.code, read.detail);
    if (!isUsableTime(exactTime(read.job.timeMs)))
      return deadLetter([record], 'GANETI_TIME_UNREADABLE', `The job is of the time ${read.job.timeMs} ms.`);
    const redacted = redactJson({ ...record, text: header.message }, read.value);
    const attached = redacted.names.length === 0 ? record : redacted.record;
    const decided = decideJob(header.host ?? hostOf(), read.job, redacted.names, events);
    if (decided.isRead)
      return ignoring.ignored('read-job', [record], () => events.make([attached], decided.draft));
    return event(decided.rule, [record], events.make([attached], decided.draft));
  }

  function ofLine(line: LogLine, record: RawRecord): Outcome[] {
    if (line.time === undefined || !isUsableTime(line.time)) {
      const detail = 'The time of the line is no time between 1970 and 2299, or its syslog header has none.';
      return [deadLetter([record], 'GANETI_TIME_UNREADABLE', detail)];
    }
    const at: DaemonLine = { line, host: line.host ?? hostOf(), time: line.time };
    const jobId = line.program.startsWith('job-')
      ? line.program.slice('job-'.length)
      : JOB_THREAD.exec(line.thread)?.[1];
    if (jobId !== undefined) return jobLine({ host: at.host, id: jobId, time: line.time }, at, record);
    if (line.program.startsWith('gnt-')) return commandLine(at, record);
    return [daemonLine(at, record)];
  }

  function jobLine(place: JobPlace, at: DaemonLine, record: RawRecord): Outcome[] {
    const read = readJobLine(at.line.text);
    switch (read.kind) {
      case 'begin':
        return [jobs.begin(place, read.op, record)];
      case 'end':
        return [jobs.end(place, read.status, record)];
      case 'failure':
        return withTraceback(at.line, record, (records) => jobs.fail(place, read.op, records));
      case 'canceling':
        return withTraceback(at.line, record, (records) => jobs.cancel(place, records));
      case 'broken': {
        const detail = 'The line begins as one of a job and is cut off; look for it on its host.';
        return [deadLetter([record], 'GANETI_LINE_TRUNCATED', detail)];
      }
      case 'progress':
        return [daemons.ignored('job-progress', at, [record])];
    }
  }

  function commandLine(at: DaemonLine, record: RawRecord): Outcome[] {
    const { text } = at.line;
    if (text.startsWith('run with ')) return [daemons.command(at, 'pending', [record])];
    if (text.startsWith('Error during command processing'))
      return withTraceback(at.line, record, (records) => daemons.command(at, 'failure', records));
    return [daemons.ignored('command-message', at, [record])];
  }

  function daemonLine(at: DaemonLine, record: RawRecord): Outcome {
    const { program, text } = at.line;
    if (text.length < 128 && text.endsWith(STARTUP)) return daemons.lifecycle(at, 'start', record);
    if (text.startsWith('Received signal') && SHUTDOWN.test(text.slice(0, 128)))
      return daemons.lifecycle(at, 'stop/shutdown', record);
    if (program === RAPI) {
      const request = readHttpRequest(text);
      if (request !== undefined) return daemons.rapiRequest(at, request, record);
    }
    if (program === NODE_DAEMON) {
      // Cheaper than to read each of them: what went well ends so.
      const request = text.endsWith(' 401') || text.endsWith(' 403') ? readHttpRequest(text) : undefined;
      if (request !== undefined) return daemons.refusedPeer(at, request, record);
      return daemons.ignored('node-daemon', at, [record]);
    }
    return daemons.ignored(program.startsWith('ganeti-watcher') ? 'watcher' : 'daemon-message', at, [record]);
  }

  function withTraceback(
    line: LogLine,
    record: RawRecord,
    finish: (records: readonly RawRecord[]) => Outcome,
  ): Outcome[] {
    if (isWhole(line.text)) return [finish([record])];
    block.open(record, finish);
    return [];
  }

  function hostOf(): string {
    return context.host ?? context.sourceName;
  }

  return {
    push,
    flush() {
      const outcomes = block.close();
      jobs.clear();
      return outcomes;
    },
    get held() {
      return block.size + jobs.open;
    },
  };
}

const CONTINUED =
  /^(?:\s|Traceback \(|During handling of |The above exception |[A-Za-z_][\w.]{0,127}(?:Error|Exception|Exit|Interrupt|Warning)\b|ganeti\.)/;

/** A part of a traceback or of a message of several lines. */
export function looksContinued(message: string): boolean {
  return CONTINUED.test(message.slice(0, 256));
}
