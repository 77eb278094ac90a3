/**
 * `npm run comment`: what a change does to the results, as Markdown for a pull request. The published reports of the
 * base beside those here; then, for each strategy whose targets were run (`npm run affected`), verdict and times.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { composeComment, type StrategyResults } from './compose-comment.ts';
import { ROOT } from './scratch-clone.ts';

const { values } = parseArgs({
  options: { base: { type: 'string', default: process.env['NX_BASE'] ?? 'main' }, out: { type: 'string' } },
});

const compare = spawnSync('s2bench', ['compare', '--base', values.base, '--merge-base', '--markdown'], {
  cwd: ROOT,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (compare.status === 0) {
  const comment = composeComment(compare.stdout, readResults(join(ROOT, '.results')));
  if (values.out === undefined) process.stdout.write(comment);
  else {
    mkdirSync(dirname(values.out), { recursive: true });
    writeFileSync(values.out, comment);
  }
} else {
  // It has said why.
  process.exitCode = compare.status ?? 1;
}

function readResults(folder: string): StrategyResults[] {
  if (!existsSync(folder)) return [];
  const text = (...path: string[]): string | undefined => {
    const file = join(folder, ...path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  return readdirSync(folder)
    .sort()
    .map((strategy) => ({
      strategy,
      verify: text(strategy, 'verify', 'verify.json'),
      report: text(strategy, 'small', 'README.md'),
      results: text(strategy, 'small', 'results.json'),
    }))
    .filter(({ verify, report }) => verify !== undefined || report !== undefined);
}
