/** The files around a strategy's source, made from `templates/`. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Files } from './starts.ts';

/** `workspace`: a folder in `strategies/` of a clone. `standalone`: a package of its own. */
export type Form = 'workspace' | 'standalone';

const TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));
const SUFFIX = '.template';

/** This package's manifest: the tools' versions that it was tested with, and the version that all of s2bench bears. */
const MANIFEST = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** What the templates leave open. */
export interface TemplateValues {
  readonly name: string;
  readonly from: string;
}

/** Fills a form's templates in. */
export function fillTemplates(form: Form, values: TemplateValues): Files {
  const all: Readonly<Record<string, string | undefined>> = {
    ...values,
    version: MANIFEST.version,
    typescript: MANIFEST.devDependencies['typescript'],
    vite: MANIFEST.devDependencies['vite'],
    vitest: MANIFEST.devDependencies['vitest'],
    verify: form === 'workspace' ? `npx s2bench verify ${values.name}` : 'npm run verify',
    run: form === 'workspace' ? `npx s2bench run --strategy baseline,${values.name}` : 'npm run matrix',
    test: form === 'workspace' ? `npx vitest run --project ${values.name}` : 'npm test',
  };
  return new Map([...read('both', all), ...read(form, all)]);
}

function read(folder: string, values: Readonly<Record<string, string | undefined>>): [string, string][] {
  const root = join(TEMPLATES, folder);
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(root, path)).isFile(),
  );
  return paths.map((path) => [targetOf(path), fill(readFileSync(join(root, path), 'utf8'), path, values)]);
}

/** npm packs no `.gitignore`, so the template has another name. */
function targetOf(path: string): string {
  return path
    .replaceAll('\\', '/')
    .slice(0, -SUFFIX.length)
    .replace(/^gitignore$/, '.gitignore');
}

function fill(text: string, path: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`template ${path}: nothing is known of ${key}`);
    return value;
  });
}
