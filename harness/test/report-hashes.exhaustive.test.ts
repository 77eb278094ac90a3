/** Whether committed reports were made by the strategies, workloads and kernel models that stand here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelModelOf } from '@s2bench/kernel';
import { parseResultDocument } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { hashOfKernel, hashOfPlugin, hashOfWorkload } from '../src/plan/content-hash.ts';
import { discoverStrategies, locateStrategy } from '../src/plugins/locate.ts';
import { reportNames, resultPath } from '../src/report/reports.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const known = discoverStrategies(ROOT);

/** The hash of a strategy by its name, with those of its hooks. */
function hashOf(name: string): string {
  const [own, ...hooks] = name.split('+').map((part) => locateStrategy(part, known, ROOT, 'a report'));
  return own === undefined ? '' : hashOfPlugin({ ...own, hooks });
}

describe.runIf(process.env['S2BENCH_LONG'] === '1')('a committed report', () => {
  it.each(reportNames(ROOT))('%s is of what stands here; its command makes it anew', (report) => {
    const document = parseResultDocument(readFileSync(join(ROOT, resultPath(report)), 'utf8'), report);
    const changed = [
      ...document.strategies.filter(({ name, hash }) => hash !== hashOf(name)),
      ...(document.workloads ?? []).filter(({ name, hash }) => hash !== hashOfWorkload({ name })),
      ...(document.kernels ?? []).filter(({ name, hash }) => hash !== hashOfKernel(kernelModelOf(name))),
    ];
    expect(changed.map(({ name }) => name)).toEqual([]);
  });
});
