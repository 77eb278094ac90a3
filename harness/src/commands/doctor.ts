/** `s2bench doctor`: whether this machine can do what s2bench is asked for. */
import { accessSync, constants, existsSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { EXIT, oneLine } from '../cli/errors.ts';
import { ownManifest, PACKAGE_FOLDER, toolVersion } from '../cli/installation.ts';
import { loadOptional, QUEUE_PACKAGES } from '../cli/optional.ts';
import { print, printJson } from '../cli/terminal.ts';
import { type ConfigFile, readConfig, strategyPathsOf } from '../options/config.ts';
import { parseRedisAddress } from '../options/values.ts';
import { describeNamed } from '../plugins/load-data.ts';

/** The flags as they were written. */
export interface DoctorFlags {
  readonly redis?: string;
  readonly json?: boolean;
}

/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What was found; where it is not right, what would be. */
  readonly said: string;
}

/** Where runs write unasked. */
const FOLDERS = ['.results', 'reports', 'results'];

/** Looks at everything; the value is the exit code: 2 where something is not right. */
export async function doctor(flags: DoctorFlags, cwd = process.cwd()): Promise<number> {
  const read = await readConfig(cwd, undefined).then(
    (config): ConfigRead => ({ config }),
    (error: unknown): ConfigRead => ({ problem: oneLine(error) }),
  );
  const findings = [
    nodeFinding(process.versions.node),
    { what: 's2bench', ok: true, said: `${toolVersion()} in ${PACKAGE_FOLDER}` },
    { what: 'cores', ok: true, said: `${availableParallelism()}: as many cells at a time, unless --jobs says other` },
    memoryFinding(totalmem(), freemem()),
    ...FOLDERS.map((name) => folderFinding(join(cwd, name), name)),
    configFinding(read),
    ...(await strategyFindings(cwd, read)),
    ...(flags.redis === undefined ? [] : [await redisFinding(flags.redis)]),
  ];
  if (flags.json === true) printJson(findings);
  else print(doctorText(findings));
  return findings.every(({ ok }) => ok) ? EXIT.ok : EXIT.usage;
}

/** A line for each finding; what is wrong is said in a word too. */
export function doctorText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  return findings.map(({ what, ok, said }) => `${ok ? 'ok   ' : 'wrong'}  ${what.padEnd(width)}  ${said}\n`).join('');
}

/** Whether Node is as new as package.json wants it. */
export function nodeFinding(version: string): Finding {
  const wanted = /\d+/.exec(ownManifest().engines.node)?.[0] ?? '';
  const ok = Number.parseInt(version, 10) >= Number(wanted);
  return { what: 'Node', ok, said: ok ? version : `${version}; must be ${wanted} or newer` };
}

function memoryFinding(totalBytes: number, freeBytes: number): Finding {
  const inGib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)}G`;
  return { what: 'memory', ok: true, said: `${inGib(freeBytes)} free of ${inGib(totalBytes)}` };
}

/** Whether a folder, or what it would be made in, can be written. */
export function folderFinding(folder: string, name: string): Finding {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
    return { what: name, ok: true, said: there === folder ? 'can be written' : 'can be made' };
  } catch {
    return {
      what: name,
      ok: false,
      said: `${there} cannot be written; go to a folder of your own, or name one with --out`,
    };
  }
}

/** The config file, or what is wrong with it. */
type ConfigRead = { readonly config: ConfigFile | undefined } | { readonly problem: string };

function configFinding(read: ConfigRead): Finding {
  if ('problem' in read) return { what: 'config', ok: false, said: read.problem };
  return { what: 'config', ok: true, said: read.config?.displayName ?? 'none here' };
}

/** Strategies that can be loaded, in one line, and one for each that cannot. */
async function strategyFindings(cwd: string, read: ConfigRead): Promise<Finding[]> {
  const all = await describeNamed(cwd, strategyPathsOf('problem' in read ? undefined : read.config));
  const broken = all.flatMap((one): Finding[] => (one.ok ? [] : [{ what: one.name, ok: false, said: one.problem }]));
  return [
    { what: 'strategies', ok: true, said: `${all.length - broken.length} of ${all.length} can be loaded` },
    ...broken,
  ];
}

async function redisFinding(text: string): Promise<Finding> {
  const address = parseRedisAddress(text, '--redis');
  try {
    const { RedisLink } = await loadOptional(() => import('../execute/redis/link.ts'), QUEUE_PACKAGES, '--redis');
    const link = await RedisLink.open(address);
    link.close();
    return { what: 'Redis', ok: true, said: `answers at ${address.shown}` };
  } catch (error) {
    return { what: 'Redis', ok: false, said: oneLine(error) };
  }
}
