/** `s2bench watch`: its flags and help. The work is loaded when it is done. */
import { Command } from 'commander';
import type { WatchFlags } from './run.ts';

const EXAMPLES = `
Looks at the strategy now, and again whenever its file or one that it imports is saved: conformance without vectors, a
verdict in six small worlds, its effect in a small matrix. "npm test", "s2bench verify" and "s2bench run" go further.
Ctrl-C ends it.

Examples:
  $ s2bench watch ./mine.ts
  $ s2bench watch './mine.ts?threshold=16' --against install-first-uniform-cmo
`;

/** Makes the command. */
export function watchCommand(): Command {
  return new Command('watch')
    .description('on every save of a strategy: conformance, verdict, effect on a small matrix')
    .argument('<strategy>', 'a file, or a folder, or a name; options follow a ?')
    .option('--against <strategy>', 'strategy that its effect is set beside', 'baseline')
    .addHelpText('after', EXAMPLES)
    .action(async (strategy: string, flags: WatchFlags) => {
      const { watch } = await import('./run.ts');
      process.exitCode = await watch(strategy, flags);
    });
}
