/** The thread that runs the scripts of `s2bench ops` with a strategy that may do anything. */
import { enableCompileCache } from 'node:module';
import { takeTask } from '../../plugins/thread-task.ts';
import type { OpsSaid, OpsTask } from './run.ts';

enableCompileCache();
const thread = takeTask<OpsTask, OpsSaid>();
const { runOps } = await import('./run.ts');
await runOps(thread);
thread.done();
