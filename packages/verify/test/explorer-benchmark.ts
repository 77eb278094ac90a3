/**
 * How fast the explorer is, and what a state takes: `npm run bench -w packages/verify -- [world] [states] [threads]`.
 *
 * Wall time on the host. Without arguments the largest world is explored completely.
 */
import { verifyWorld, WORLDS } from '../src/index.ts';
import { matesFor } from './mates.ts';
import { takeDownFirst } from './specimens.ts';

const LARGEST = 'crowd';

const [name = LARGEST, states, threads = '1'] = process.argv.slice(2);
const world = WORLDS.find((each) => each.name === name);
const history = world?.histories[0];
if (world === undefined || history === undefined) {
  process.stderr.write(`world '${name}': must be one of ${WORLDS.map((each) => each.name).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const bounds = states === undefined ? {} : { maxStates: Number(states) };
  const cpuBefore = process.cpuUsage();
  const options = { history, fwb: false, bounds };
  const company = matesFor(world, { strategy: takeDownFirst.name, options }, Number(threads) - 1);
  const found = verifyWorld(takeDownFirst, world, { ...options, company });
  const cpuSeconds = process.cpuUsage(cpuBefore).user / 1e6;
  const lines = [
    `${world.name} (${history}, FWB off): ${found.verdict}, complete: ${found.complete}`,
    `${found.states} states, ${found.transitions} transitions, depth ${found.depth}`,
    `${Math.round(found.states / (found.elapsedMs / 1000))} states/s, ${Math.round(found.states / cpuSeconds)} states per second of CPU time`,
    `${found.bytesPerState.toFixed(1)} bytes/state, ${((found.bytesPerState * found.states) / 2 ** 30).toFixed(2)} GiB`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
