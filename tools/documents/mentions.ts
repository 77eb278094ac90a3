/** Commands and flags of s2bench that documents name in passing: there has to be such a one. */
import { execFileSync } from 'node:child_process';
import type { Piece } from './pieces.ts';

/** Commands of s2bench with the flags that each of them has. */
export type Program = ReadonlyMap<string, ReadonlySet<string>>;

/** Asks the program itself. */
export function readProgram(root: string): Program {
  const help = (...command: string[]): string =>
    execFileSync('npx', ['s2bench', ...command, '--help'], { cwd: root, encoding: 'utf8' });
  const commands = [...help().matchAll(/^ {2}([a-z]+)\b.*/gm)].map(([, name = '']) => name);
  return new Map(commands.filter((name) => name !== 'help').map((name) => [name, new Set(flagsOf(help(name)))]));
}

/** The flags that a help text lists, not those of its examples. */
function flagsOf(help: string): string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z][a-z-]*)/gm)].map(([, flag = '']) => flag);
}

function flagsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag);
}

/** What a mention names that there is not, in one line. */
export function unknownIn({ document, line, code }: Piece, program: Program): string | undefined {
  const [, command] = /^s2bench\s+([a-z]+)/.exec(code) ?? [];
  const known = command === undefined ? undefined : program.get(command);
  if (command !== undefined && known === undefined)
    return `${document}:${line}: ${code}: s2bench has no command ${command}`;
  const flags = known ?? new Set([...program.values()].flatMap((ofOne) => [...ofOne]));
  const unknown = flagsIn(code).find((flag) => !flags.has(flag));
  if (unknown === undefined) return undefined;
  return `${document}:${line}: ${code}: ${command === undefined ? 'no command of s2bench' : `s2bench ${command}`} has no ${unknown}`;
}
