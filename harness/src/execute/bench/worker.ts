/** The thread that measures, with strategies that may do anything. */
import { enableCompileCache } from 'node:module';
import { takeTask } from '../../plugins/thread-task.ts';
import type { BenchSaid, BenchTask } from './run.ts';

enableCompileCache();
const thread = takeTask<BenchTask, BenchSaid>();
const { runBenchmarks } = await import('./run.ts');
await runBenchmarks(thread);
thread.done();
