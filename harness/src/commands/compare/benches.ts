/** Wall times that `s2bench bench --save` has kept, compared. */
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { compareWallTimes, looksLikeWallTimes, renderWallTimes, type WallTimeComparison } from '@s2bench/report';
import { EXIT } from '../../cli/exit-codes.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { isSaved, readSaved, savedPath } from '../bench/saved.ts';

/** The flags that wall times know, to say that there is no limit to hold them to. */
export interface WallTimeFlags {
  readonly failOn?: readonly string[];
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** Whether a name or a path stands for wall times. */
export function isWallTime(name: string, cwd: string): boolean {
  return isSaved(name, cwd) && looksLikeWallTimes(readFileSync(savedPath(name, cwd), 'utf8'));
}

/** Compares each with the first; the value is the exit code. */
export function compareBenches(
  names: readonly string[],
  benches: readonly string[],
  flags: WallTimeFlags,
  stdout: Writable,
  cwd: string,
): number {
  const simulated = names.find((name) => !benches.includes(name));
  if (simulated !== undefined) {
    throw new UsageError(
      `compare: ${benches[0] ?? ''} is wall time of a host and ${simulated} is not; the two have nothing to be compared in`,
    );
  }
  if (flags.failOn !== undefined)
    throw new UsageError(
      '--fail-on: holds simulated results to a limit; wall times of a host have none that is certain',
    );
  const [first = '', ...others] = names;
  if (others.length === 0) throw new UsageError('compare: name two sets of wall times at least');
  const base = { name: first, times: readSaved(first, cwd) };
  const comparisons = others.map((name) => compareWallTimes(base, { name, times: readSaved(name, cwd) }));
  stdout.write(render(comparisons, flags));
  return EXIT.ok;
}

function render(comparisons: readonly WallTimeComparison[], { json, markdown }: WallTimeFlags): string {
  if (json === true) return `${JSON.stringify({ schemaVersion: 1, tool: 's2bench compare', comparisons }, null, 2)}\n`;
  const text = comparisons.map(renderWallTimes).join('\n');
  return markdown === true ? `\`\`\`text\n${text}\`\`\`\n` : text;
}
