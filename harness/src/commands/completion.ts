/** `s2bench completion`: what a shell is told of s2bench, and what it is answered while a command is written. */
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { EXIT } from '../cli/errors.ts';
import { readConfig, strategyPathsOf } from '../options/config.ts';
import { parseChoice } from '../options/values.ts';
import { UPSTREAM } from '../options/kernels.ts';
import { discoverStrategies } from '../plugins/locate.ts';

/** The shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

type Names = readonly string[];

/** Prints the script of a shell; the value is the exit code. */
export function completion(program: Command, shell: string): number {
  const name = program.name();
  tab(program).setup(name, name, parseChoice(shell, 'completion', 'shell', SHELLS));
  return EXIT.ok;
}

/** Answers the script: what may follow the words, a line each. */
export async function complete(program: Command, words: readonly string[], cwd = process.cwd()): Promise<number> {
  const root = tab(program);
  const known = await knownNames(cwd);
  for (const command of root.commands.values()) {
    for (const [flag, option] of command.options) {
      const names = known.get(flag);
      if (names !== undefined && option.isBoolean !== true)
        option.handler = (offer) => {
          offerAll(names, offer);
        };
    }
    for (const argument of command.arguments.values()) {
      const names = known.get(`${command.value} ${argument.name}`);
      if (names !== undefined)
        argument.handler = (offer) => {
          offerAll(names, offer);
        };
    }
  }
  // The library's own, which scripts alone call.
  root.commands.delete('complete');
  root.command('completion', 'print the completion script of a shell').argument('shell', (offer) => {
    offerAll(SHELLS, offer);
  });
  root.parse([...words]);
  return EXIT.ok;
}

function offerAll(names: Names, offer: (value: string, description: string) => void): void {
  for (const name of names) offer(name, '');
}

/** Names by the option that takes them, or by command and argument. Of foreign code the config file runs, in a thread. */
async function knownNames(cwd: string): Promise<ReadonlyMap<string, Names>> {
  // A shell that starts asks for the script alone, which needs none of them.
  const [{ CATALOGUES }, { SCHEMAS }] = await Promise.all([import('./list.ts'), import('./schema.ts')]);
  // A config file that is broken is for the command to tell.
  const config = await readConfig(cwd, undefined).catch(() => undefined);
  const strategies = [...discoverStrategies(cwd, strategyPathsOf(config)).keys()];
  const names = (entries: readonly { readonly name: string }[]): Names => entries.map(({ name }) => name);
  return new Map<string, Names>([
    ['strategy', [...strategies, UPSTREAM]],
    ['against', strategies],
    ['reference', strategies],
    ['verify strategy', strategies],
    ['watch strategy', strategies],
    ['profile', names(CATALOGUES.profiles())],
    ['workload', names(CATALOGUES.workloads())],
    ['history', names(CATALOGUES.histories())],
    ['kernel', names(CATALOGUES.kernels())],
    ['world', names(CATALOGUES.worlds())],
    ['preset', names(CATALOGUES.presets(cwd, config))],
    ['list what', Object.keys(CATALOGUES)],
    ['schema name', Object.keys(SCHEMAS)],
  ]);
}
