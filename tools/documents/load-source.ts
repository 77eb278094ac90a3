/**
 * Loads a TypeScript file that a document shows; runs in the clone that the file lies in. A strategy has to conform.
 * (Whether it keeps and breaks what it declares is asked of `s2bench verify`.)
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Strategy } from '@s2bench/core';
import { conformanceOf, findingLine } from '@s2bench/testkit/conformance';

const [file = ''] = process.argv.slice(2);
const { default: loaded } = (await import(pathToFileURL(resolve(file)).href)) as { readonly default?: unknown };
if (isStrategy(loaded)) {
  for (const finding of conformanceOf(loaded)) {
    process.stderr.write(`${findingLine(loaded, finding)}\n`);
    process.exitCode = 1;
  }
  // Who runs this goes on with a verification.
  process.stdout.write('\nstrategy\n');
}

function isStrategy(value: unknown): value is Strategy {
  return typeof value === 'object' && value !== null && 'name' in value && 'contractVersion' in value;
}
