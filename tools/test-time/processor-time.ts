/**
 * Setup of every test file: how much processor time the file takes, its imports, threads and programs included. Unlike
 * the time on the wall it is nearly the same on a busy machine, so that a budget can be held against it.
 */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Processor time of a test with its hooks, or of a file, in milliseconds. */
    processorMs?: number;
  }
}

/** Of Linux: what programs that have ended have taken, in hundredths of a second, as user and as kernel. */
const STAT = '/proc/self/stat';
const CHILD_TIMES = [13, 14] as const;

/** Of this process, its threads, and the programs that it has started and that have ended, in milliseconds. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + 10 * childTicks();
}

function childTicks(): number {
  try {
    const text = readFileSync(STAT, 'utf8');
    // The name of the program stands in parentheses and may hold blanks. Two fields stand before what follows it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return CHILD_TIMES.reduce((sum, field) => sum + Number(fields[field]), 0);
  } catch {
    return 0;
  }
}

const fileBeganMs = processorMs();
let testBeganMs = fileBeganMs;

beforeEach(() => {
  testBeganMs = processorMs();
});
afterEach(({ task }) => {
  const nowMs = processorMs();
  task.meta.processorMs = nowMs - testBeganMs;
  task.file.meta.processorMs = nowMs - fileBeganMs;
});
