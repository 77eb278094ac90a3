/** Commands that say what there is, and how one begins: lists, schemas, this machine, a first file, completions. */
import { Command } from 'commander';
import { helpBelow } from './help.ts';
import type { DoctorFlags } from '../commands/doctor.ts';

/** `s2bench list`. */
export function listCommand(): Command {
  return new Command('list')
    .description('list what a matrix can be made of')
    .argument('[what]', 'strategies, profiles, workloads, histories, presets, kernels or worlds (default: all of them)')
    .option('--json', 'print one JSON array; of all lists an object of arrays')
    .option('--config <file>', 'config file (default: s2bench.config.ts or .json, if there is one)')
    .action(async (what: string | undefined, flags: { json?: boolean; config?: string }) => {
      const { list } = await import('../commands/list.ts');
      process.exitCode = await list(what, flags);
    });
}

/** `s2bench schema`. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON schema of a document that s2bench reads or writes')
    .argument('[name]', 'result, verify, counterexample, … (default: the names, and what they are)')
    .action(async (name: string | undefined) => {
      const { schema } = await import('../commands/schema.ts');
      process.exitCode = schema(name);
    });
}

/** `s2bench doctor`. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look whether this machine has what s2bench needs: Node, folders, strategies, a Redis server')
    .option('--redis <url>', 'whether workers could reach this server')
    .option('--json', 'print one JSON array')
    .action(async (flags: DoctorFlags) => {
      const { doctor } = await import('../commands/doctor.ts');
      process.exitCode = await doctor(flags);
    });
}

const INIT_HELP = `
Writes the strategy, which does what baseline does, and a tsconfig.json beside it, so that an editor and "tsc" find the types
of what it imports. Nothing is written over. "npm create s2bench-strategy" makes a package with tests and CI instead.

Examples:
  $ s2bench init ./mine.ts
`;

/** `s2bench init`. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a strategy of your own in a file, with types')
    .argument('<file>', 'the file, which ends in .ts; its name is that of the strategy')
    .addHelpText('after', helpBelow(INIT_HELP))
    .action(async (file: string) => {
      const { init } = await import('../commands/init.ts');
      process.exitCode = init(file);
    });
}

const COMPLETION_HELP = `
Commands, flags, names of strategies, kernel models, worlds and whatever else is known are completed. That of bash needs
the package bash-completion.

Examples:
  $ source <(s2bench completion bash)
  $ s2bench completion zsh > ~/.zsh/completions/_s2bench
  $ s2bench completion fish > ~/.config/fish/completions/s2bench.fish
`;

/**
 * `s2bench completion`.
 *
 * @param makeProgram - the program whose commands are completed
 */
export function completionCommand(makeProgram: () => Command): Command {
  return new Command('completion')
    .description('print the completion script of a shell: bash, zsh or fish')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', helpBelow(COMPLETION_HELP))
    .action(async (shell: string) => {
      const { completion } = await import('../commands/completion.ts');
      process.exitCode = completion(makeProgram(), shell);
    });
}

/** What the scripts of `s2bench completion` call. */
export function completeCommand(makeProgram: () => Command): Command {
  return new Command('complete')
    .description('answer a completion script')
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const { complete } = await import('../commands/completion.ts');
      process.exitCode = await complete(makeProgram(), words);
    });
}
