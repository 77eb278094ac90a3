/**
 * `npm run docs`: the documents of the repository and the reference of its packages as pages, in `.results/site`. It fails
 * where an export has no comment, where a link leads nowhere, and where a page has not one heading.
 */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Application, type DocumentationEntryPoint, type ProjectReflection } from 'typedoc';
import { ROOT } from '../scratch-clone.ts';
import { checkSite } from './check-site.ts';
import { entriesOf } from './entries.ts';
import { layOut } from './lay-out.ts';

const OUT = join(ROOT, '.results/site');
const entries = entriesOf(ROOT);

const app = await Application.bootstrap({
  name: 's2bench',
  entryPointStrategy: 'resolve',
  entryPoints: [...entries.keys()],
  tsconfig: join(import.meta.dirname, 'tsconfig.json'),
  readme: join(ROOT, 'README.md'),
  basePath: ROOT,
  out: OUT,
  router: layOut.name,
  theme: layOut.name,
  headings: { readme: false, document: false },
  projectDocuments: [
    'CONTRIBUTING.md',
    'harness/README.md',
    'strategies/*/README.md',
    'docs/*.md',
    'docs/decisions/*.md',
    'reports/**/*.md',
  ].map((glob) => join(ROOT, glob)),
  // The types are checked by `npm run typecheck`; where a line stands, an editor finds.
  skipErrorChecking: true,
  disableSources: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  githubPages: false,
  validation: { notDocumented: false, invalidLink: true, invalidPath: true, notExported: false },
  navigation: { includeGroups: true },
  highlightLanguages: ['bash', 'console', 'json', 'jsonc', 'typescript', 'yaml'],
  ignoredHighlightLanguages: ['mermaid'],
  customCss: join(import.meta.dirname, 'site.css'),
});
layOut(app, entries);

const points = app.getEntryPoints()?.map((point): DocumentationEntryPoint => {
  const entry = entries.get(point.sourceFile.fileName);
  return entry === undefined ? point : { ...point, displayName: entry.specifier };
});
if (points === undefined) throw new Error('there is nothing to be documented');
const project = app.converter.convert(points);
app.validate(project);
const silent = undocumented(project);
for (const name of silent) process.stderr.write(`${name}: an export without a comment\n`);
await app.generateDocs(project, OUT);

const faults = checkSite(OUT, (name) => readFileSync(join(OUT, name), 'utf8'));
for (const fault of faults.problems) process.stderr.write(`${relative(process.cwd(), OUT)}/${fault}\n`);
const { pages, links, sizeBytes } = faults;
process.stdout.write(`${pages} pages, ${(sizeBytes / 2 ** 20).toFixed(1)} MiB, ${links} links looked up\n`);
if (silent.length > 0 || faults.problems.length > 0 || app.logger.hasErrors() || app.logger.hasWarnings())
  process.exitCode = 1;

/** Exports without a comment. TypeDoc's own check asks for one at each member too, and at none where a workspace has many packages. */
function undocumented({ children: modules = [] }: ProjectReflection): string[] {
  return modules.flatMap((module) =>
    (module.children ?? [])
      .filter((member) => !member.isReference() && !member.hasComment())
      .filter(({ signatures = [] }) => !signatures.some((signature) => signature.hasComment()))
      .map((member) => `${module.name}: ${member.name}`),
  );
}
