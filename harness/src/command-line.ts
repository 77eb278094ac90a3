/**
 * The command line: every command with its flags and its help. Commands load their work when they are run, so that help
 * and version come at once.
 */
import { Command, Option } from 'commander';
import { toolVersion } from './cli/installation.ts';
import {
  completeCommand,
  completionCommand,
  doctorCommand,
  initCommand,
  listCommand,
  schemaCommand,
} from './command-lines/about.ts';
import { helpBelow, helpColumns, termOf } from './command-lines/help.ts';
import { collect, hookOption, withLayoutOptions, withMatrixOptions } from './command-lines/matrix-options.ts';
import { opsCommand } from './command-lines/ops.ts';
import { rankCommand } from './command-lines/rank.ts';
import { withTerminalOptions } from './command-lines/terminal-flags.ts';
import type { BenchFlags } from './commands/bench.ts';
import type { CalibrateFlags } from './commands/calibrate.ts';
import type { CompareFlags } from './commands/compare.ts';
import type { MergeFlags } from './commands/merge.ts';
import type { PublishFlags } from './commands/publish.ts';
import type { WatchFlags } from './commands/watch.ts';
import type { WorkerFlags } from './commands/worker.ts';
import type { RunFlags } from './options/run-request.ts';
import type { VerifyFlags } from './options/verify-request.ts';

const RUN_HELP = `
With no flags: the matrix of the preset thread-2021; its report goes to reports/thread-2021/.
Lists are separated by commas and span the matrix. a..b is a range, a..b:+N adds, a..b:xN multiplies.

Examples:
  $ s2bench run
  $ s2bench run --vcpus 1..64:x2 --granule largest --page-size 4K,64K --dry-run
  $ s2bench run --vcpus 1..64:x2 --filter 'vcpus>=16 & granule=2M | granule=1G'
  $ s2bench run --strategy baseline,./mine.ts --vcpus 20 --stages all
  $ s2bench run --strategy 'baseline,./mine.ts?threshold=16,64,256'
  $ s2bench run --vcpus 20 --history block-first --trace coalesce.pftrace
  $ s2bench run --backing anonymous --memory 1G --json > results.json
  $ s2bench run --vcpus 1..64:x2 --cols strategy --reference baseline
  $ s2bench run --memory 1T --vcpus 128 --strategy baseline --out results
`;

/** `s2bench run`. */
export function runCommand(): Command {
  const command = new Command('run').description('simulate a matrix of cells and report it');
  return withLayoutOptions(withMatrixOptions(command))
    .option('--dry-run', 'say which cells would be run, which not and why, and how long it takes; run none')
    .option('--out <folder>', 'write README.md and results.json there')
    .option('--json', 'print one JSON document to stdout; write files only with --out')
    .addOption(new Option('--format <name>', 'print it for other programs').choices(['csv', 'ktap']).conflicts('json'))
    .option('--record-environment', 'say in the result where it was made: commit, command line, Node, CPU')
    .option('--exact', 'simulate every fault, extrapolate nothing')
    .option('--verify', "explore the strategies too, and set the verdict beside the time (a preset's own matrix does)")
    .option('--no-verify', 'explore nothing')
    .option('--no-cache', 'explore anew what an earlier run has explored, and keep nothing of it')
    .option('--no-recheck', 'run no cell of each strategy again, to see that it gives the same')
    .option(
      '--trace <file>',
      'write what happens around the longest invalid window of each cell: .json, .svg, else Perfetto',
    )
    .option('--trace-all', 'with --trace: of all of the last stage')
    .option('--jobs <number>', 'workers at the same time (default: all cores)')
    .option('--cell-timeout <seconds>', 'stop a cell that uses more CPU time (default: 300)')
    .option('--shard <index/count>', 'run one part of the matrix, for s2bench merge: 3/8')
    .option('--executor <url>', 'let workers run the cells (s2bench worker), over a Redis server: redis://host:6379')
    .option('--secret-file <file>', 'with --executor: believe only workers that know the same secret')
    .option('--resume', 'keep the cells that an interrupted run has finished')
    .addOption(new Option('--config <file>', 'config file (default: s2bench.config.ts or .json, if there is one)'))
    .addHelpText('after', helpBelow(RUN_HELP))
    .action(async (flags: RunFlags) => {
      const { run } = await import('./commands/run.ts');
      process.exitCode = await run(flags);
    });
}

const VERIFY_HELP = `
With no strategy: all that "s2bench list strategies" finds. Lists are separated by commas.
Exit code 0: each strategy breaks the rules that it declares and no other; 1: it does not, or an answer of a preset
does not stand; 3: a bound was met before all was explored, or a branch of a strategy was never taken.

Examples:
  $ s2bench verify
  $ s2bench verify ./mine.ts --world partial-table --fwb off
  $ s2bench verify baseline --world all --max-states 5000000
  $ s2bench verify ./mine.ts --arch bbm=2
  $ s2bench verify baseline --world ./own.json --kernel v5.11 --rule '!progress'
  $ s2bench verify --json --out found
  $ s2bench verify ./mine.ts --format ktap
  $ s2bench verify --zoo
  $ s2bench verify --zoo no-tlbi
  $ s2bench verify --export-casemate traces
  $ s2bench verify --zoo --export-casemate zoo-traces
  $ s2bench verify --preset thread-2021
  $ s2bench verify --replay found/mine.mapping.full-table.block-first.json
`;

function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'explore all interleavings of small worlds under a strategy: safe, or the fewest steps that show it is not',
    )
    .argument(
      '[strategy...]',
      'strategies: names, packages, folders or .ts/.js files (default: all); with --zoo: what of it',
    )
    .option(
      '--zoo',
      'verify the broken strategies of @s2bench/zoo and its correct variations instead, each in its own worlds',
    )
    .option(
      '--world <names>',
      'worlds: names, .json or .ts files; "all" is every one, the largest too (default: all but the largest)',
    )
    .option('--rule <names>', "rules to be held; '!name' leaves one out (default: all)")
    .addOption(
      new Option('--kernel <names>', 'kernel models; options follow a ? (default: v5.12p1)').argParser(collect),
    )
    .addOption(hookOption('logStart'))
    .addOption(hookOption('logStop'))
    .option('--history <names>', 'histories (default: all of each world)')
    .option('--fwb <list>', 'with FEAT_S2FWB, without, or both: on,off (default: both)')
    .option(
      '--arch <profile>',
      'the hardware: strictest, lenient, or settings of dic, idc, ttl, bbm, write-back, combined, fwb: ttl=lenient,bbm=2 (default: strictest)',
    )
    .option('--vcpus <numbers>', 'only worlds with so many vCPUs')
    .option('--max-states <number>', 'stop an exploration at so many states')
    .option('--max-seconds <number>', 'stop an exploration after so long (default: 600)')
    .option('--max-memory <size>', 'stop an exploration whose states take more, such as 2G')
    .option('--jobs <number>', 'workers at the same time (default: all cores)')
    .option('--json', 'print one JSON document to stdout')
    .addOption(
      new Option('--format <name>', 'print it for other programs')
        .choices(['json', 'markdown', 'csv', 'ktap'])
        .conflicts(['json', 'replay']),
    )
    .option('--out <folder>', 'write verify.json and a file for each counterexample there')
    .option(
      '--export-casemate <folder>',
      'write counterexamples and a sample of accepted runs there, as traces for the Casemate checker with their index',
    )
    .option('--replay <file>', 'run a counterexample again: its own file, or a document with one')
    .option('--preset <name>', 'answer the questions of a report: thread-2021')
    .option('--config <file>', 'config file (default: s2bench.config.ts or .json, if there is one)')
    .addHelpText('after', helpBelow(VERIFY_HELP))
    .action(async (strategies: string[], flags: VerifyFlags) => {
      const { verify } = await import('./commands/verify.ts');
      process.exitCode = await verify(strategies, flags);
    });
}

const WATCH_HELP = `
Looks at the strategy now, and again whenever its file or one that it imports is saved: conformance without vectors, a
verdict in six small worlds, its effect in a small matrix. "npm test", "s2bench verify" and "s2bench run" go further.
Ctrl-C ends it.

Examples:
  $ s2bench watch ./mine.ts
  $ s2bench watch './mine.ts?threshold=16' --against install-first-uniform-cmo
`;

function watchCommand(): Command {
  return new Command('watch')
    .description('on every save of a strategy: conformance, verdict, effect on a small matrix')
    .argument('<strategy>', 'a file, or a folder, or a name; options follow a ?')
    .option('--against <strategy>', 'strategy that its effect is set beside', 'baseline')
    .addHelpText('after', helpBelow(WATCH_HELP))
    .action(async (strategy: string, flags: WatchFlags) => {
      const { watch } = await import('./commands/watch.ts');
      process.exitCode = await watch(strategy, flags);
    });
}

const COMPARE_HELP = `
A result is a file that s2bench run --json has written, a report's folder, or - for stdin. The first is the base, each
other one is compared with it. With --base the results are those that two revisions have committed: of the reports
that are named, or of all in reports/. With --across strategy it is one result, whose strategies are compared.

A condition of --fail-on is a metric of a stage and a limit, or a word:
  ADJUST.timeNs>+5%        more than 5 % slower than the base (-: faster; *.timeNs: in any stage)
  ADJUST.timeNs>+2ms       slower by more than 2 ms
  *.staleReads>0           the value itself, whatever the base has
  verdict                  a verdict is worse than in the base
  missing                  a cell of the base has no result any more

Exit code 1: a condition is met. 3: two files are of different profiles, kernels, workloads or seeds, so that their
difference says nothing of a strategy; --allow-mismatch compares them all the same.

Examples:
  $ s2bench compare before.json after.json
  $ s2bench compare --base main --fail-on 'ADJUST.timeNs>+5%,verdict'
  $ s2bench compare --base main --merge-base --head HEAD --markdown > comment.md
  $ s2bench compare reports/thread-2021 results.json --mail
  $ s2bench compare --across strategy results.json
  $ s2bench compare before after    # what s2bench bench --save has kept as such
`;

function compareCommand(): Command {
  return new Command('compare')
    .description('compare results cell by cell: files, report folders, or what two revisions have committed')
    .argument('[results...]', 'result files or report folders, the base first; with --base: reports')
    .option('--base <revision>', 'compare with the reports that it has committed')
    .option('--head <revision>', 'what is compared with it (default: the files as they are now)')
    .option('--merge-base', 'compare with the commit where --base and --head parted')
    .addOption(
      new Option('--across <dimension>', 'compare the strategies of one result with one another').choices(['strategy']),
    )
    .option(
      '--reference <strategy>',
      'with --across: the strategy that the others are compared with (default: baseline)',
    )
    .addOption(
      new Option('--fail-on <condition>', 'exit with 1 where it is met; may be given several times').argParser(collect),
    )
    .option('--allow-mismatch', 'compare results of different profiles, kernels, workloads or seeds too')
    .addOption(new Option('--markdown', 'for a pull request').conflicts(['mail', 'json']))
    .addOption(new Option('--mail', 'plain text of 72 columns').conflicts(['markdown', 'json']))
    .addOption(new Option('--json', 'print one JSON document').conflicts(['markdown', 'mail']))
    .addHelpText('after', helpBelow(COMPARE_HELP))
    .action(async (results: string[], flags: CompareFlags) => {
      const { compare } = await import('./commands/compare.ts');
      process.exitCode = compare(results, flags);
    });
}

const PUBLISH_HELP = `
Writes reports/NAME/: the report, its picture and its results, and adds a line to its history where the results have
changed. Then it writes the list of all reports, reports/README.md. With a name alone that report is written again from
its results, with none all are: after an update of s2bench, or where results were written by "s2bench run".

Examples:
  $ s2bench publish
  $ s2bench publish thp results.json
  $ s2bench publish thp baseline.json mine.json --title "Two strategies on THP"
`;

function publishCommand(): Command {
  return new Command('publish')
    .description('collect results into a report in reports/, with its history, and list all reports')
    .argument('[name]', 'the folder of the report in reports/')
    .argument('[results...]', 'result files or report folders')
    .option('--title <text>', 'heading of the report')
    .addHelpText('after', helpBelow(PUBLISH_HELP))
    .action(async (name: string | undefined, results: string[], flags: PublishFlags) => {
      const { publish } = await import('./commands/publish.ts');
      process.exitCode = publish(name, results, flags);
    });
}

const MERGE_HELP = `
The shards of one matrix, each written by "s2bench run --shard INDEX/COUNT", become what one machine would have given,
byte for byte. Where the matrix is that of a preset, the report goes to reports/<preset>/ as with "s2bench run".

Examples:
  $ s2bench merge results/*.json
  $ s2bench merge results/*.json --out report
  $ s2bench merge a.json b.json --json > results.json
`;

function mergeCommand(): Command {
  return new Command('merge')
    .description('put the shards of a matrix together')
    .argument('<files...>', 'one document of each shard')
    .option('--out <folder>', 'write README.md, chart.svg and results.json there')
    .option('--json', 'print one JSON document to stdout; write files only with --out')
    .addHelpText('after', helpBelow(MERGE_HELP))
    .action(async (files: string[], flags: MergeFlags) => {
      const { merge } = await import('./commands/merge.ts');
      process.exitCode = merge(files, flags);
    });
}

const WORKER_HELP = `
Works for every "s2bench run --executor" on the same Redis, until Ctrl-C, which gives back the cells that run. It must
have the run's own s2bench and strategies. It runs no code that it was not started with: of --allow, names, or paths from
the current directory; without it the strategies that "s2bench list strategies" shows. Their code is known by its hash.

Examples:
  $ s2bench worker --redis redis://127.0.0.1:6379
  $ s2bench worker --redis redis://:password@host:6379/2 --secret-file secret
  $ s2bench worker --redis redis://host:6379 --allow baseline,./mine.ts
`;

/** `s2bench worker`. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('simulate the cells of runs on other machines')
    .requiredOption('--redis <url>', 'the Redis server of those runs')
    .option('--jobs <number>', 'cells at the same time (default: all cores)')
    .option('--allow <names>', 'run these strategies only: names, or paths (default: all that can be named)')
    .option('--secret-file <file>', 'work only for runs that know the same secret, of 16 bytes or more')
    .addHelpText('after', helpBelow(WORKER_HELP))
    .action(async (flags: WorkerFlags) => {
      const { worker } = await import('./commands/worker.ts');
      process.exitCode = await worker(flags);
    });
}

const CALIBRATE_HELP = `
Without --out the profile is printed. The same plan gives the same profile, byte for byte.

Examples:
  $ s2bench calibrate --study rwlock-2022 --check altra
  $ s2bench calibrate --figures figures.json --check altra
  $ s2bench calibrate --figures figures.json --plan plan.json --out profile.json
`;

function calibrateCommand(): Command {
  return new Command('calibrate')
    .description('fit a machine profile to the published figures, and show how far it is from each of them')
    .option('--study <name>', 'whose figures and whose plan (default: thread-2021)')
    .option('--figures <file>', "JSON: figures of your own in the place of a study's; with --plan or --check")
    .option('--plan <file>', 'JSON: which costs are fitted, what the others are (default: that of the study)')
    .option('--out <file>', 'write the profile there')
    .option('--check <file>', 'fit nothing: show how far this profile is from the figures')
    .option('--json', 'print the residuals as JSON instead of a table')
    .addHelpText('after', helpBelow(CALIBRATE_HELP))
    .action(async (flags: CalibrateFlags) => {
      const { runCalibrate } = await import('./commands/calibrate.ts');
      process.exitCode = await runCalibrate(flags);
    });
}

const BENCH_HELP = `
Times are of this machine, in nanoseconds a leaf; they have nothing to do with simulated time. On a busy machine trust
the best times and the ratios, which are taken in the same run.

Examples:
  $ s2bench bench
  $ s2bench bench --filter coalesce --time 2000
  $ s2bench bench --json > bench.json
  $ s2bench bench --filter coalesce --against ../main
  $ s2bench bench --save before
`;

function benchCommand(): Command {
  return new Command('bench')
    .description("measure the core's and the strategies' own code on this machine")
    .addOption(
      new Option('--strategy <names>', 'strategies, as for s2bench run (default: all that can be named)').argParser(
        collect,
      ),
    )
    .option('--filter <regexp>', 'only benchmarks whose name it matches')
    .option('--time <milliseconds>', 'for each benchmark', '500')
    .option('--json', 'print one JSON document')
    .option('--save <name>', 'keep the samples, as one more round of that name (.results/bench/), for s2bench compare')
    .option('--against <where>', "take turns with another s2bench (a clone's folder), or compare with what was saved")
    .option('--rounds <number>', 'with --against: rounds of each (default: 10)')
    .addHelpText('after', helpBelow(BENCH_HELP))
    .action(async (flags: BenchFlags) => {
      const { bench } = await import('./commands/bench.ts');
      process.exitCode = await bench(flags);
    });
}

const COMMANDS = [
  runCommand,
  verifyCommand,
  initCommand,
  watchCommand,
  compareCommand,
  rankCommand,
  publishCommand,
  mergeCommand,
  workerCommand,
  listCommand,
  schemaCommand,
  doctorCommand,
  opsCommand,
  calibrateCommand,
  benchCommand,
];

/** Makes the program. */
export function makeProgram(): Command {
  const program = programToComplete();
  // What is completed is a program of its own, to which the library adds commands of these names.
  program.addCommand(completionCommand(programToComplete).copyInheritedSettings(program));
  program.addCommand(completeCommand(programToComplete).copyInheritedSettings(program), { hidden: true });
  return program;
}

function programToComplete(): Command {
  const program = new Command('s2bench')
    .description('Models, checks and times strategies for coalescing KVM/arm64 stage-2 page mappings into blocks.')
    .version(toolVersion())
    .showSuggestionAfterError()
    .exitOverride()
    // Errors are printed in one place, as one line.
    .configureOutput({ outputError: () => undefined, getOutHelpWidth: helpColumns })
    .configureHelp({ subcommandTerm: termOf, minWidthToWrap: 20 });
  for (const make of COMMANDS) program.addCommand(withTerminalOptions(make().copyInheritedSettings(program)));
  return program;
}
