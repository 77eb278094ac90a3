/** `s2bench doctor`: whether this machine can do what s2bench is asked for. */
import { accessSync, constants, existsSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { EXIT, oneLine } from '../cli/errors.ts';
import { PACKAGE_FOLDER, toolVersion } from '../cli/installation.ts';
import { loadOptional, QUEUE_PACKAGES } from '../cli/optional.ts';
import { print, printJson } from '../cli/terminal.ts';
import { readJson } from '../cli/files.ts';
import { readConfig, strategyPathsOf } from '../options/config.ts';
import { parseRedisAddress } from '../options/values.ts';
import { discoverStrategies } from '../plugins/locate.ts';
import { describeStrategies } from '../plugins/load-data.ts';
import { locationOf } from '../plugins/locate.ts';

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
  const findings = [
    nodeFinding(process.versions.node),
    { what: 's2bench', ok: true, said: `${toolVersion()} in ${PACKAGE_FOLDER}` },
    { what: 'cores', ok: true, said: `${availableParallelism()}: as many cells at a time, unless --jobs says other` },
    memoryFinding(totalmem(), freemem()),
    ...FOLDERS.map((name) => folderFinding(join(cwd, name), name)),
    await configFinding(cwd),
    ...(await strategyFindings(cwd)),
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
  const { engines } = readJson(join(PACKAGE_FOLDER, 'package.json'), 'package.json') as {
    readonly engines: { readonly node: string };
  };
  const wanted = /\d+/.exec(engines.node)?.[0] ?? '';
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

async function configFinding(cwd: string): Promise<Finding> {
  try {
    const config = await readConfig(cwd, undefined);
    return { what: 'config', ok: true, said: config?.displayName ?? 'none here' };
  } catch (error) {
    return { what: 'config', ok: false, said: oneLine(error) };
  }
}

/** Strategies that can be loaded, in one line, and one for each that cannot. */
async function strategyFindings(cwd: string): Promise<Finding[]> {
  const config = await readConfig(cwd, undefined).catch(() => undefined);
  const located = [...discoverStrategies(cwd, strategyPathsOf(config))].map(([name, path]) => {
    try {
      return { name, url: locationOf(path, name, name).entryUrl };
    } catch (error) {
      return { name, problem: oneLine(error) };
    }
  });
  const urls = located.flatMap(({ url }) => (url === undefined ? [] : [url]));
  const described = new Map((await describeStrategies(urls)).map((one, at) => [urls[at], one]));
  const broken = located.flatMap(({ name, url, problem }): Finding[] => {
    const found = url === undefined ? undefined : described.get(url);
    if (found?.ok === true) return [];
    return [{ what: name, ok: false, said: found?.problem ?? problem ?? 'cannot be loaded' }];
  });
  return [
    { what: 'strategies', ok: true, said: `${located.length - broken.length} of ${located.length} can be loaded` },
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
