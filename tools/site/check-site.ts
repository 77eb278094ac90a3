/** Whether a folder of pages holds together: links and their anchors lead somewhere, and each page has one heading. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';

/** What was looked at, and what is wrong. */
export interface SiteCheck {
  readonly pages: number;
  readonly links: number;
  readonly sizeBytes: number;
  /** A line each, which begins with the page. */
  readonly problems: readonly string[];
}

/** What of a page others can lead to, and where it leads itself. */
interface Page {
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly string[];
  readonly headings: number;
}

const LINKS = ['href', 'src'];
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/\/)/i;

/** Looks at all pages of a folder. */
export function checkSite(folder: string, read: (name: string) => string): SiteCheck {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const sizes = new Map(
    names.flatMap((name) => {
      const stat = statSync(join(folder, name));
      return stat.isFile() ? [[name, stat.size] as const] : [];
    }),
  );
  const pages = new Map(
    [...sizes.keys()].filter((name) => name.endsWith('.html')).map((name) => [name, readPage(read(name))]),
  );
  const problems: string[] = [];
  let links = 0;
  for (const [name, page] of pages) {
    if (page.headings !== 1)
      problems.push(`${name}: ${page.headings} headings of the first level, where one is wanted`);
    for (const link of new Set(page.links)) {
      if (ELSEWHERE.test(link)) continue;
      links++;
      const { pathname, hash } = new URL(link, `file:///${name}`);
      const target = link.startsWith('#') ? name : decodeURIComponent(pathname).slice(1);
      const anchor = decodeURIComponent(hash).slice(1);
      if (!sizes.has(target)) problems.push(`${name}: ${link}: there is no ${target}`);
      else if (anchor !== '' && pages.get(target)?.anchors.has(anchor) === false)
        problems.push(`${name}: ${link}: ${target === name ? 'it' : target} has no #${anchor}`);
    }
  }
  return { pages: pages.size, links, sizeBytes: [...sizes.values()].reduce((sum, size) => sum + size, 0), problems };
}

function readPage(html: string): Page {
  const anchors = new Set<string>();
  const links: string[] = [];
  let headings = 0;
  visit(parse(html), ({ tagName, attrs }) => {
    if (tagName === 'h1') headings++;
    for (const { name, value } of attrs) {
      if (name === 'id' || (name === 'name' && tagName === 'a')) anchors.add(value);
      else if (LINKS.includes(name)) links.push(value);
    }
  });
  return { anchors, links, headings };
}

function visit(node: DefaultTreeAdapterTypes.Node, look: (element: DefaultTreeAdapterTypes.Element) => void): void {
  if ('tagName' in node) look(node);
  if ('childNodes' in node) for (const child of node.childNodes) visit(child, look);
}
