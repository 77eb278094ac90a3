/** Writes what each test file has taken of the processor, for `npm run lint:test-time`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

export default class TestTime implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const root = this.#vitest?.config.root ?? process.cwd();
    const ms: Record<string, number> = {};
    for (const module of modules) {
      const { processorMs } = module.meta();
      if (processorMs !== undefined) ms[relative(root, module.moduleId)] = Math.round(processorMs);
    }
    const path = `${root}/.results/test-time.json`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(ms, undefined, 2)}\n`);
    const total = Object.values(ms).reduce((sum, each) => sum + each, 0);
    process.stdout.write(`   Processor  ${(total / 1000).toFixed(0)} s in ${Object.keys(ms).length} files\n`);
  }
}
