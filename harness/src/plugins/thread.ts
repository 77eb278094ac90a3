/**
 * The program's side of a thread for foreign code: a strategy, a config file or a world that is a module. It may loop,
 * wait for ever, end its thread or fill its heap; each of these is one line here, and the program goes on.
 */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { printableText } from '@s2bench/report/printable';
import { oneLine } from '../cli/errors.ts';
import { WORKER_EXEC_ARGV } from '../cli/installation.ts';
import { watchMemory } from './memory-watch.ts';
import { type Pulse, VISIT_LATE } from './visitors.ts';

/** What travels: something that is said, until when the next is to be said, or that all is done. */
export type Frame<Said> =
  | { readonly kind: 'said'; readonly said: Said }
  | { readonly kind: 'within'; readonly seconds: number; readonly late: string }
  | { readonly kind: 'untimed' }
  | { readonly kind: 'done' };

/** How a thread is listened to. */
export interface ThreadOptions<Said> {
  /** Called with what our code in the thread says, one after the other. What it throws ends the thread. */
  readonly hear: (said: Said) => void | Promise<void>;
  /** Watches the visitors of a strategy in the thread, where it has one that counts them. */
  readonly pulse?: Pulse;
}

const LEFT_RUNNING_MS = 200;
const EXITED = 'its worker ended before it was done; a module must not call process.exit';

/**
 * Has a module of ours do a task in a thread of its own, which it takes with `takeTask`.
 *
 * @param task - plain values: it is cloned
 * @returns why it did not come to its end, in one line; `undefined` where it did
 * @throws what `hear` has thrown
 */
export async function runInThread<Said>(
  module: URL,
  task: object,
  { hear, pulse }: ThreadOptions<Said>,
): Promise<string | undefined> {
  // A port that foreign code does not know: what it posts to its parent is heard by nobody.
  const { port1: ours, port2: theirs } = new MessageChannel();
  const worker = new Worker(module, {
    workerData: { port: theirs, task },
    transferList: [theirs],
    execArgv: WORKER_EXEC_ARGV,
    stdout: true,
    stderr: true,
  });
  // A plugin's own words are no result, and no terminal should obey them.
  for (const stream of [worker.stdout, worker.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => process.stderr.write(printableText(text)));
  let problem: string | undefined;
  const failures: unknown[] = [];
  let isDone = false as boolean;
  let timer: NodeJS.Timeout | undefined;
  let heard = Promise.resolve();
  const stop = (why?: string): void => {
    problem ??= why;
    void worker.terminate();
  };
  const take = (frame: Frame<Said>): void => {
    if (frame.kind !== 'said') clearTimeout(timer);
    if (frame.kind === 'within') timer = setTimeout(() => stop(frame.late), frame.seconds * 1000);
    if (frame.kind === 'done') {
      isDone = true;
      // What a plugin has left running is not waited for.
      timer = setTimeout(stop, LEFT_RUNNING_MS);
    }
    if (frame.kind !== 'said') return;
    heard = heard
      .then(() => (failures.length === 0 ? hear(frame.said) : undefined))
      .catch((error: unknown) => {
        failures.push(error);
        stop();
      });
  };
  ours.on('message', take);
  const endWatch = pulse?.watch(() => stop(VISIT_LATE));
  const endMemoryWatch = watchMemory({
    workers: () => [worker],
    end: (_worker, reason) => {
      problem ??= reason;
      return worker.terminate();
    },
  });
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  worker.on('error', (error) => (problem ??= `its worker ended: ${oneLine(error)}`));
  worker.on('exit', () => resolve(undefined));
  try {
    await ended;
    // What it said last may be on its way still.
    for (let last = receiveMessageOnPort(ours); last !== undefined; last = receiveMessageOnPort(ours))
      take(last.message as Frame<Said>);
    await heard;
  } finally {
    clearTimeout(timer);
    endWatch?.();
    endMemoryWatch();
    ours.close();
  }
  if (failures.length > 0) throw failures[0];
  return problem ?? (isDone ? undefined : EXITED);
}
