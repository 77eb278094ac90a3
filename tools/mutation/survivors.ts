/**
 * The list of the mutants that are known to survive, with the reason of each: a page of Markdown that people read.
 *
 * A heading of level 2 names a file. A paragraph below it gives a reason, and the list behind that the mutants that it
 * holds for, one a line, as {@link survivorLine} writes them.
 */
import type { Mutant } from './mutants.ts';

/** A mutant as the list knows it. */
export type Survivor = Pick<Mutant, 'file' | 'within' | 'mutator' | 'from' | 'to'>;

/** What a run says about the list. */
export interface Verdict {
  /** Survive, and are not listed. */
  readonly unlisted: readonly Mutant[];
  /** Are listed, and do not survive, or do not exist. */
  readonly gone: readonly Survivor[];
}

/**
 * Reads the list.
 *
 * @throws Error of one line where it is malformed
 */
export function parseSurvivors(markdown: string): Survivor[] {
  const survivors: Survivor[] = [];
  let file: string | undefined;
  let reason: string | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (line.startsWith('#')) {
      file = /^## `?([^`]+)`?$/.exec(line)?.[1];
      reason = undefined;
    } else if (line.startsWith('- ') && file !== undefined) {
      const where = `line ${index + 1}`;
      if (reason === undefined)
        throw new Error(`${where}: a survivor without a reason: a paragraph before it says why`);
      survivors.push(parseLine(line, file, where));
    } else if (line !== '') reason = line;
  }
  return survivors;
}

const LINE =
  /^- `(?<within>[^`]+)`: (?<one>`+ ?)(?<from>.*?)(?: ?`+) → (?<two>`+ ?)(?<to>.*?)(?: ?`+) \((?<mutator>\w+)\)$/;

function parseLine(line: string, file: string, where: string): Survivor {
  const { within, from, to, mutator } = LINE.exec(line)?.groups ?? {};
  if (within === undefined || from === undefined || to === undefined || mutator === undefined)
    throw new Error(`${where}: not a survivor: it must read - \`function\`: \`code\` → \`mutated\` (Mutator)`);
  return { file, within, from, to, mutator };
}

/** A mutant as a line of the list. */
export function survivorLine({ within, from, to, mutator }: Survivor): string {
  return `- \`${within}\`: ${code(from)} → ${code(to)} (${mutator})`;
}

/** Code that holds backticks stands between two of them. */
function code(text: string): string {
  return text.includes('`') || text === '' ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/**
 * Holds a run against the list. Mutants that read alike are told apart by their number only. One that timed out is
 * neither alive nor dead: on a slow machine it is no reason to call a listed one gone; nor is one that was not run.
 *
 * @param mutants - all mutants of the run
 * @param listed - the survivors listed for the files of the run
 */
export function judge(mutants: readonly Mutant[], listed: readonly Survivor[]): Verdict {
  const open = new Map<string, Survivor[]>();
  for (const survivor of listed) open.set(keyOf(survivor), [...(open.get(keyOf(survivor)) ?? []), survivor]);
  const unlisted = mutants.filter((mutant) => survives(mutant) && open.get(keyOf(mutant))?.pop() === undefined);
  for (const mutant of mutants)
    if (mutant.status === 'Timeout' || mutant.status === 'NotRun') open.get(keyOf(mutant))?.pop();
  return { unlisted, gone: [...open.values()].flat() };
}

/** Whether no test noticed a mutant. */
export function survives({ status }: Pick<Mutant, 'status'>): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

function keyOf({ file, within, mutator, from, to }: Survivor): string {
  return JSON.stringify([file, within, mutator, from, to]);
}
