/**
 * Bounds the memory of the whole process. A heap limit does not see buffers: a strategy that collects them would take
 * the machine down before it takes its own thread down.
 */
import { totalmem } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { UsageError } from '../cli/errors.ts';

const LOOK_MS = 200;
/** Of the machine, or of the container: the rest is the system's. */
const DEFAULT_SHARE = 0.85;
/** Who holds less than this share of the bound is not who has filled it. */
const GUILTY_SHARE = 0.25;
const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** Another bound than most of the machine. */
const BOUND_VARIABLE = 'S2BENCH_MAX_MEMORY_MIB';

/** What is bounded, and what is done. */
export interface MemoryBound {
  /** Of the process, in bytes; left out: what the user has said, or most of what the machine or the container has. */
  readonly maxBytes?: number | undefined;
  readonly workers: () => readonly Worker[];
  /** Ends a thread, and keeps why. */
  readonly end: (worker: Worker, reason: string) => Promise<unknown>;
}

/**
 * Watches what the process holds, all of it: heaps, buffers, code. Over the bound, the thread that holds most is ended;
 * where none holds much that V8 counts as a thread's, as with shared buffers, all are. The value ends the watch.
 *
 * @throws UsageError where the user's bound is none
 */
export function watchMemory({ maxBytes = defaultBound(), workers, end }: MemoryBound): () => void {
  let isLooking = false;
  const look = async (): Promise<void> => {
    const holds = process.memoryUsage.rss();
    if (isLooking || holds <= maxBytes) return;
    isLooking = true;
    try {
      const found = await Promise.all(workers().map(async (worker) => ({ worker, bytes: await heldBy(worker) })));
      const most = found.reduce((best, one) => (one.bytes > best ? one.bytes : best), 0);
      const guilty = found.filter(({ bytes }) => most < GUILTY_SHARE * maxBytes || bytes === most);
      const reason = `stopped: the memory of the program came to ${gib(holds)} GiB, of ${gib(maxBytes)} GiB that it may take`;
      await Promise.all(guilty.map(({ worker, bytes }) => end(worker, `${reason}; its thread held ${gib(bytes)} GiB`)));
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return () => clearInterval(timer);
}

/** What V8 knows to be a thread's: its heap, and buffers. */
async function heldBy(worker: Worker): Promise<number> {
  try {
    const { used_heap_size: heapBytes, external_memory: bufferBytes } = await worker.getHeapStatistics();
    return heapBytes + bufferBytes;
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

/** @throws UsageError where the user's bound is no number */
function defaultBound(): number {
  const said = process.env[BOUND_VARIABLE] ?? '';
  if (said !== '') {
    if (/^[1-9]\d{0,8}$/.test(said)) return Number(said) * MIB;
    throw new UsageError(`${BOUND_VARIABLE}=${said}: not a number of MiB, for example ${BOUND_VARIABLE}=4096`);
  }
  const constrained = process.constrainedMemory();
  const has = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return has * DEFAULT_SHARE;
}

function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}
