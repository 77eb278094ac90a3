/** The thread's side: what our code does there before, while and after foreign code runs. */
import { type MessagePort, workerData } from 'node:worker_threads';
import type { Frame } from './thread.ts';

/** Loading a module takes milliseconds; one that takes this long hangs. */
export const LOAD_LIMIT_S = 5;
/** What is said of it. */
export const LOAD_LATE = `not loaded within ${LOAD_LIMIT_S} s; its module must not run for long`;

/** A task in a thread, and the way to whoever wants it done. */
export interface ThreadTask<Task, Said> {
  readonly task: Task;
  readonly say: (said: Said) => void;
  /** Foreign code runs from now on: unless something comes after `seconds`, `late` is the problem and the thread ends. */
  readonly within: (seconds: number, late: string) => void;
  /** Foreign code is about to be loaded; `whose` stands before the problem, where it is not the only one. */
  readonly loading: (whose?: string) => void;
  /** Time no longer matters. */
  readonly untimed: () => void;
  /** Ends the thread. */
  readonly done: () => void;
}

/** Takes the task of this thread, once, before any foreign code is loaded. */
export function takeTask<Task, Said>(): ThreadTask<Task, Said> {
  const data = workerData as { port?: MessagePort; task?: Task };
  const { port, task } = data;
  if (port === undefined || task === undefined) throw new Error('this thread has no task');
  delete data.port;
  delete data.task;
  const post = port.postMessage.bind(port);
  // A thread with nothing to do would end: a module that waits for ever is to be seen waiting.
  const alive = setInterval(() => undefined, 1 << 30);
  const send = (frame: Frame<Said>): void => post(frame);
  const within = (seconds: number, late: string): void => send({ kind: 'within', seconds, late });
  return {
    task,
    say: (said) => send({ kind: 'said', said }),
    within,
    loading: (whose = '') => within(LOAD_LIMIT_S, `${whose}${LOAD_LATE}`),
    untimed: () => send({ kind: 'untimed' }),
    done: () => {
      send({ kind: 'done' });
      clearInterval(alive);
      port.close();
    },
  };
}
