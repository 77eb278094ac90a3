import type { Rule } from './rule.ts';
import type { TablePage } from '../kernel/kernel-state.ts';

const root: TablePage = { slot: 0, serial: 0, level: 2, base: 0, references: 2, valid: 1, children: [1] };
const table: TablePage = { slot: 1, serial: 1, level: 3, base: 0, references: 5, valid: 4, children: [] };

/** References say what the table holds. */
export const accounting: Rule = {
  name: 'accounting',
  sentence:
    'When an operation has returned, every table page has one reference of its own and one per valid entry and is linked once; none is freed twice or while it is referenced, none leaks.',
  source:
    'linux v5.11, arch/arm64/kvm/hyp/pgtable.c: get_page() with every valid entry, put_page() with every entry that goes',
  accepted: { begin: 'table', steps: [{ do: 'return', end: { pages: [root, table] } }] },
  // Somebody forgot one put_page(): the page can never become empty again.
  rejected: { begin: 'table', steps: [{ do: 'return', end: { pages: [root, { ...table, references: 6 }] } }] },
  section: ({ pages, mistakes }) => mistakes[0] ?? wrongCount(pages) ?? wrongLink(pages),
};

function wrongCount(pages: readonly TablePage[]): string | undefined {
  const page = pages.find(({ references, valid }) => references !== 1 + valid);
  if (page === undefined) return undefined;
  return `table page ${page.serial} has a count of ${page.references} with ${page.valid} valid entries`;
}

function wrongLink(pages: readonly TablePage[]): string | undefined {
  const links = new Map<number, number>();
  for (const { children } of pages) for (const child of children) links.set(child, (links.get(child) ?? 0) + 1);
  for (const { slot, serial } of pages) {
    const count = links.get(slot) ?? 0;
    links.delete(slot);
    // The root, in slot 0, hangs at VTTBR_EL2.
    if (slot === 0) continue;
    if (count === 0) return `table page ${serial} is not linked any more and was not given back`;
    if (count > 1) return `table page ${serial} is linked ${count} times`;
  }
  const [dangling] = links.keys();
  return dangling === undefined ? undefined : `an entry points to slot ${dangling}, whose table page was given back`;
}
