/** A folder with a good file of each kind, some that are not, and what reads each kind. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAKE_PROFILE } from '../fixtures/fake-profile.ts';

/** A small matrix. */
export const SMALL = [
  'run',
  '--vcpus',
  '1',
  '--memory',
  '4M',
  '--granule',
  '2M',
  '--strategy',
  'baseline',
  '--no-verify',
];

/** A kind of document: a good one, and the commands that read a file of that name. */
export interface Kind {
  readonly name: string;
  readonly file: string;
  readonly commands: readonly (readonly string[])[];
  /** How often it is tried beside the others: what starts workers takes longer. */
  readonly weight: number;
}

/** What reads documents. */
export const KINDS: readonly Kind[] = [
  {
    name: 'result',
    file: 'result.json',
    commands: [
      ['compare', 'result.json', 'good.json'],
      ['compare', 'good.json', 'result.json', '--markdown'],
      ['compare', 'good.json', 'result.json', '--mail', '--fail-on', 'verdict'],
      ['compare', 'good.json', 'result.json', '--json'],
      ['rank', 'result.json'],
      ['publish', 'mine', 'result.json'],
      ['merge', 'result.json'],
    ],
    weight: 12,
  },
  { name: 'shard', file: 'shard.json', commands: [['merge', 'shard.json', 'other-shard.json', '--json']], weight: 6 },
  { name: 'history', file: 'reports/thread-2021/history.ndjson', commands: [['publish', 'thread-2021']], weight: 2 },
  { name: 'wall times', file: 'times.json', commands: [['compare', 'times.json', 'good-times.json']], weight: 3 },
  { name: 'config', file: 'config.json', commands: [['list', 'presets', '--config', 'config.json']], weight: 5 },
  { name: 'profile', file: 'profile.json', commands: [[...SMALL, '--profile', './profile.json', '--json']], weight: 1 },
  {
    name: 'world',
    file: 'world.json',
    commands: [['verify', 'baseline', '--world', './world.json', '--max-states', '50', '--json']],
    weight: 1,
  },
  { name: 'replay', file: 'replay.json', commands: [['verify', '--replay', 'replay.json']], weight: 1 },
  { name: 'op script', file: 'script.txt', commands: [['ops', 'script.txt']], weight: 2 },
  {
    name: 'manifest',
    file: 'package/package.json',
    commands: [['ops', '--strategy', './package', 'good-script.txt']],
    weight: 1,
  },
  { name: 'journal', file: 'out/.journal.ndjson', commands: [[...SMALL, '--out', 'out', '--resume']], weight: 1 },
];

const REPORT = fileURLToPath(new URL('../../../reports/thread-2021/', import.meta.url));
const SCRIPT = 'init ipa=40\nmap 1G 2M 4G rw\nwrprotect 1G 2M\nrelax 1G rw\nunmap 1G 2M\n';
const WORLD = {
  name: 'mine',
  purpose: 'a page is mapped, and read',
  vcpus: [[{ access: 'write', page: 0 }]],
};

/** A folder of its own, and what was good in it. */
export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 's2bench-fuzz-'));
  readonly #good: ReadonlyMap<string, string>;

  /** @param made - good files that the program itself has to make, by name */
  constructor(made: ReadonlyMap<string, string> = new Map()) {
    const results = readFileSync(join(REPORT, 'results.json'), 'utf8');
    const samplesNs = { map: [1, 2, 3] };
    const machine = { node: 'v24', arch: 'x64', cpu: 'a fixture', cores: 1 };
    const round = { startedMs: 1, toolVersion: '0.1.0', machine, samplesNs };
    const times = JSON.stringify({ schemaVersion: 1, tool: 's2bench bench --save', rounds: [round, round] });
    this.#good = new Map([
      ['result.json', results],
      ['good.json', results],
      ['times.json', times],
      ['good-times.json', times],
      ['config.json', JSON.stringify({ vcpus: [1, '2'], jobs: 2, cellTimeout: 9, presets: { small: { vcpus: 2 } } })],
      ['profile.json', JSON.stringify(FAKE_PROFILE)],
      ['world.json', JSON.stringify(WORLD)],
      ['script.txt', SCRIPT],
      ['good-script.txt', SCRIPT],
      ['package/package.json', '{"name": "mine", "version": "1.0.0", "exports": {".": {"import": "./index.js"}}}'],
      ['package/index.js', "export default { name: 'mine', summary: 's', source: 's', contractVersion: 1 };"],
      ['broken.json', '{"schemaVersion": 4, '],
      ['empty.json', ''],
      ['broken.ts', 'export default {'],
      ['exits.ts', 'process.exit(0);'],
      ['throws.ts', 'throw { toString() { throw 1; } };'],
      ...made,
    ]);
    this.reset();
  }

  /** Everything as it was. */
  reset(): void {
    rmSync(this.folder, { recursive: true, force: true });
    for (const folder of ['package', 'folder', 'out', 'reports'])
      mkdirSync(join(this.folder, folder), { recursive: true });
    cpSync(REPORT, join(this.folder, 'reports/thread-2021'), { recursive: true });
    for (const [name, text] of this.#good) writeFileSync(join(this.folder, name), text);
    symlinkSync('loop', join(this.folder, 'loop'));
    mkdirSync(join(this.folder, 'folder.json'));
    writeFileSync(join(this.folder, 'large.json'), '');
    truncateSync(join(this.folder, 'large.json'), 600 * 2 ** 20);
  }

  /** The good text of a file. */
  good(file: string): string {
    return this.#good.get(file) ?? readFileSync(join(this.folder, file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
