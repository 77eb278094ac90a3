/** Writes a finding out: the line, its script and where that is kept, its counterexample. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Strategy } from '@s2bench/core';
import { type Finding, findingLine, opsCommand } from './finding.ts';

/** Beside what `s2bench run` keeps; clones ignore it. */
const FOLDER = '.results';

/**
 * A finding as text. Its script is kept in a file, which the text names.
 *
 * @param cwd - the file is kept in `.results/` of it
 */
export function reportOf(strategy: Strategy, finding: Finding, cwd: string = process.cwd()): string {
  const { script, detail } = finding;
  const lines = [findingLine(strategy, finding)];
  if (script !== undefined) {
    const file = `${FOLDER}/${strategy.name.replaceAll(/[^a-z0-9-]+/g, '-')}-${finding.aspect}.ops`;
    mkdirSync(join(cwd, FOLDER), { recursive: true });
    writeFileSync(join(cwd, file), script.text);
    lines.push(
      '',
      script.text.trimEnd(),
      '',
      `kept in ${file}; to see what each op does:`,
      opsCommand(strategy, script, file),
    );
  }
  if (detail !== undefined) lines.push('', detail.trimEnd());
  return lines.join('\n');
}
