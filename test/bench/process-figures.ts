/** CPU and memory of a running process, from the kernel's own accounting (Linux). */
import { readFileSync } from 'node:fs';

/** The kernel's clock ticks per second (USER_HZ): 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** User and system time so far, all threads, seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Fields 14 and 15, counted behind the command name, which may hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory now, bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

/** Samples the resident memory of a process every `everyMs` until stopped; answers the samples in bytes. */
export function sampleMemory(pid: number, everyMs = 500): () => readonly number[] {
  const samples: number[] = [];
  const timer = setInterval(() => {
    try {
      samples.push(residentBytes(pid));
    } catch {
      // The process has ended.
    }
  }, everyMs);
  return () => {
    clearInterval(timer);
    return samples;
  };
}
