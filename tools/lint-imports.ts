/**
 * `npm run lint:imports`: no circle of files or packages, no arrow upward, and a drawing that is true.
 * `npm run draw:packages` (`--write`) draws anew.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { check } from './imports/check.ts';
import type { Layers } from './imports/packages.ts';
import { ROOT } from './scratch-clone.ts';

const KNOWN_CIRCLES = [
  // Types alone: a rule holds two traces, and a trace's step holds what a rule sees.
  'packages/verify/src/rules/rule.ts → packages/verify/src/rules/trace.ts → packages/verify/src/rules/rule.ts',
];

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
// ESLint's rule and this check have one source.
const config = (await import(pathToFileURL(join(ROOT, 'eslint.config.js')).href)) as { readonly layers: Layers };
const workspace = {
  root: ROOT,
  layers: config.layers,
  page: 'docs/decisions/0004-module-boundaries.md',
  knownCircles: KNOWN_CIRCLES,
};
const { faults, extent } = await check(workspace, values.write);
if (faults.length === 0) process.stdout.write(`${extent}: nothing wrong\n`);
else process.stderr.write(`${faults.join('\n')}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
