/**
 * What pages there are, and where. A page for each interface of a few lines would be thousands of them, most of each frame
 * and navigation: a public module is a page, and so is a document. Documents lie as in the repository, so that a link of the
 * one is a link of the other.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import {
  type Application,
  BaseRouter,
  Converter,
  DefaultTheme,
  type DefaultThemeRenderContext,
  type DocumentReflection,
  JSX,
  MinimalSourceFile,
  type PageEvent,
  PageKind,
  type Reflection,
  ReflectionKind,
  type RouterTarget,
} from 'typedoc';
import { ROOT } from '../scratch-clone.ts';
import type { Entry } from './entries.ts';

/** Where a document is listed, by the begin of its path. */
const GROUPS: readonly (readonly [begin: string, group: string])[] = [
  ['reports/', 'Reports'],
  ['docs/decisions/', 'Decisions'],
  ['strategies/', 'Strategies'],
  ['', 'Guides'],
];

/** A page for a module, and one for a document. */
class PageOfModule extends BaseRouter {
  override getPageKind(target: RouterTarget): PageKind | undefined {
    const reflection = target as Reflection;
    if (reflection.kindOf(ReflectionKind.Module)) return PageKind.Reflection;
    return reflection.kindOf(ReflectionKind.Document) ? PageKind.Document : undefined;
  }

  override getIdealBaseName(reflection: Reflection): string {
    const path = reflection.project.files.getReflectionPath(reflection);
    if (reflection.isDocument() && path !== undefined) return relative(ROOT, path).replace(/\.md$/, '');
    return `reference/${reflection.name.replace(/^@/, '').replaceAll('/', '.')}`;
  }
}

/** A module's page shows its members, and not links to theirs. */
class ReferenceTheme extends DefaultTheme {
  override getRenderContext(page: PageEvent<Reflection>): DefaultThemeRenderContext {
    const context = super.getRenderContext(page);
    const { moduleReflection } = context;
    context.moduleReflection = (module) => {
      if (!module.isDeclaration()) return moduleReflection(module);
      const raw = (html: string): JSX.Element => JSX.createElement(JSX.Raw, { html });
      return JSX.createElement(
        JSX.Fragment,
        null,
        JSX.createElement('section', { class: 'tsd-panel tsd-comment' }, context.commentSummary(module)),
        module.readme &&
          JSX.createElement('section', { class: 'tsd-panel tsd-typography' }, raw(context.markdown(module.readme))),
        context.index(module),
        context.members(module),
      );
    };
    return context;
  }
}

/** Has documents and modules laid out so. */
export function layOut(app: Application, entries: ReadonlyMap<string, Entry>): void {
  app.renderer.defineRouter(layOut.name, PageOfModule);
  app.renderer.defineTheme(layOut.name, ReferenceTheme);
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_: unknown, document: DocumentReflection) => {
    const { files } = document.project;
    const path = files.getReflectionPath(document) ?? '';
    const inside = relative(ROOT, path);
    document.name = titleOf(readFileSync(path, 'utf8')) ?? inside;
    document.frontmatter['group'] = GROUPS.find(([begin]) => inside.startsWith(begin))?.[1];
    // Who links to a folder means what tells of it.
    if (basename(path) === 'README.md') files.registerReflectionPath(dirname(path) as never, document);
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const { readme, specifier } of entries.values()) {
      const module = project.children?.find(({ name }) => name === specifier);
      if (module === undefined || readme === undefined) continue;
      const file = new MinimalSourceFile(withoutTitle(readFileSync(readme, 'utf8')), readme as never);
      module.readme = app.converter.parseRawComment(file, project.files).content;
      for (const path of [readme, dirname(readme)]) project.files.registerReflectionPath(path as never, module);
    }
  });
}

/** What the first heading says, without its marks. */
function titleOf(markdown: string): string | undefined {
  return /^# (.*)$/m
    .exec(markdown)?.[1]
    ?.replaceAll(/`|\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim();
}

/** The page has the name of the module for a heading. */
function withoutTitle(markdown: string): string {
  return markdown.replace(/^# .*$/m, '');
}
