import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProfile } from '@s2bench/machine';
import { DEFAULT_STUDY } from '@s2bench/studies';
import { describe, expect, it } from 'vitest';
import { callProgram } from '../../test/fixtures/call-program.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { runCalibrate } from './calibrate.ts';

const CELL = { backing: 'hugetlb-2M', memory: '8M', vcpus: 2, kernel: 'v6.1', source: 'a test' };
const MINE = {
  machine: { name: 'a machine' },
  stageTimes: [
    { name: 'coalesce', stage: 'ADJUST', seconds: [0.0011, 0.001, 0.0012], ...CELL },
    { name: 'create', stage: 'CREATE', seconds: [0.9], tolerancePercent: 1, ...CELL },
  ],
  unitCosts: [{ what: 'clean 4K', value: 0.64, unit: 'us', of: { cleanLine: 64 }, source: 'a test' }],
};

/** The plan of the thread's machine with all costs given but that of a clean. */
async function planOf(cleanLine: object): Promise<object> {
  const { plan }: { readonly plan: unknown } = await DEFAULT_STUDY.calibration();
  const { costs, ...rest } = plan as { readonly costs: Record<string, { readonly startNs?: number }> };
  const given = Object.entries(costs).map(([name, cost]) => [
    name,
    cost.startNs !== undefined ? { valueNs: cost.startNs, provenance: 'assumed', source: 'a test' } : cost,
  ]);
  return { ...rest, name: 'mine', costs: { ...(Object.fromEntries(given) as object), cleanLine } };
}

function calibrate(
  files: Record<string, unknown>,
  ...args: string[]
): ReturnType<typeof callProgram> & { cwd?: string } {
  const cwd = tempFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), JSON.stringify(content));
  return Object.assign(callProgram(['calibrate', ...args], { cwd }), { cwd });
}

describe('s2bench calibrate', () => {
  it('names the studies that have a calibration where it is asked for another', async () => {
    await expect(runCalibrate({ study: 'rwlock' })).rejects.toThrow(
      /^--study rwlock: unknown study with a calibration; did you mean rwlock-2022\?/,
    );
    await expect(runCalibrate({ study: 'clean-before-break' })).rejects.toThrow(/^--study clean-before-break: unknown/);
  });
});

describe('s2bench calibrate --figures', () => {
  it('holds any profile against figures of somebody’s own machine, and against no others', async () => {
    const { code, stdout } = await calibrate(
      { 'mine.json': MINE },
      '--figures',
      'mine.json',
      '--check',
      'kunpeng920',
      '--json',
    );
    expect(code).toBe(0);
    const residuals = JSON.parse(stdout) as { figure: string; published: number; model: number; unit: string }[];
    expect(residuals.map(({ figure, published, unit }) => [figure, published, unit])).toEqual([
      ['coalesce', 0.0011, 's'],
      ['create', 0.9, 's'],
      ['clean 4K', 0.64, 'us'],
    ]);
    // 64 lines of 7.7 ns, and blocks of 2M whose clean alone takes a quarter of a millisecond each.
    expect(residuals[2]?.model).toBeCloseTo(0.493, 3);
    expect(residuals[0]?.model).toBeGreaterThan(0.001);
  });

  it('fits a cost to the figures that the plan names, and to no others', async () => {
    const plan = await planOf({ startNs: 8, source: 'the clean', figures: ['clean 4K'] });
    const run = calibrate(
      { 'mine.json': MINE, 'plan.json': plan },
      '--figures',
      'mine.json',
      '--plan',
      'plan.json',
      '--out',
      'out.json',
    );
    const { code, stdout } = await run;
    expect(code).toBe(0);
    const profile = parseProfile(readFileSync(join(run.cwd ?? '', 'out.json'), 'utf8'), 'out.json');
    // 0.64 us for 64 lines; the figure of CREATE, to a percent, would have wanted a hundred times that.
    expect(profile.costs.cleanLine.valueNs).toBeCloseTo(10, 1);
    expect(profile.costs.cleanLine.provenance).toBe('calibrated');
    expect(profile.calibration?.map(({ figure }) => figure)).toEqual(['coalesce', 'create', 'clean 4K']);
    expect(stdout).toContain('clean 4K');
  });

  it('fits to all figures, each as closely as it says, where the plan names none', async () => {
    const plan = await planOf({ startNs: 8, source: 'the clean' });
    const loose = {
      ...MINE,
      unitCosts: [{ ...MINE.unitCosts[0], tolerancePercent: 0.01 }],
      stageTimes: [MINE.stageTimes[0]],
    };
    const { stdout } = await calibrate(
      { 'mine.json': loose, 'plan.json': plan },
      '--figures',
      'mine.json',
      '--plan',
      'plan.json',
    );
    expect(parseProfile(stdout, 'stdout').costs.cleanLine.valueNs).toBeCloseTo(10, 1);
  });

  const edited = (edit: (row: (typeof MINE)['stageTimes'][number]) => object): object => ({
    ...MINE,
    stageTimes: MINE.stageTimes.map(edit),
  });
  it.each([
    [{ ...MINE, machine: { name: 'a', pageSize: '8K' } }, /machine\.pageSize 8K: not a page size/],
    [
      { ...MINE, machine: { name: 'a', history: 'fresh' } },
      /machine\.history fresh: unknown history of page-table-test/,
    ],
    [{ ...MINE, machine: { name: 'a', workload: 'pages' } }, /machine\.workload pages: unknown workload/],
    [{ machine: { name: 'a' } }, /the document: has no figure; write one in stageTimes or in unitCosts/],
    [
      edited((row) => ({ ...row, backing: 'hugetlb-3M' })),
      /stageTimes\.0\.backing hugetlb-3M: 4K pages have no 3M block/,
    ],
    [edited((row) => ({ ...row, memory: '7M' })), /stageTimes\.0\.memory 7M: must be a whole number of blocks of 2M/],
    [edited((row) => ({ ...row, kernel: 'v6.3' })), /stageTimes\.0\.kernel v6\.3: unknown kernel model/],
    [
      edited((row) => ({ ...row, stage: 'ADJSUT' })),
      /stageTimes\.0\.stage ADJSUT: unknown stage of page-table-test; did you mean ADJUST/,
    ],
    [
      edited((row) => ({ ...row, strategy: './mine.ts' })),
      /stageTimes\.0\.strategy \.\/mine\.ts: must be the name of a strategy/,
    ],
    [edited((row) => ({ ...row, strategy: 'upstream-6-2' })), /stageTimes\.0\.strategy upstream-6-2: .*walker v6/],
    [edited((row) => ({ ...row, seconds: [] })), /stageTimes\.0\.seconds: must hold a measurement/],
    [edited((row) => ({ ...row, name: 'one' })), /stageTimes\.1\.name: 'one' is the name of another figure too/],
    [edited((row) => ({ ...row, source: undefined })), /stageTimes\.0\.source: must be a text/],
    [{ ...MINE, unitCosts: [{ ...MINE.unitCosts[0], of: { cleanLines: 64 } }] }, /unitCosts\.0\.of: .*cleanLines/],
    [{ ...MINE, unitCosts: [{ ...MINE.unitCosts[0], unit: 'ms' }] }, /unitCosts\.0\.unit: must be s, us or ns/],
  ])('refuses what makes no sense in one line that names the field: %#', async (document, message) => {
    const { code, stderr } = await calibrate(
      { 'mine.json': document },
      '--figures',
      'mine.json',
      '--check',
      'kunpeng920',
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/^s2bench: --figures mine\.json: [^\n]*\n$/);
    expect(stderr).toMatch(message);
  });

  it.each([
    [[], /^s2bench: --figures: needs --plan FILE, .*, or --check PROFILE\n$/],
    [['--study', 'thread-2021'], /^s2bench: --figures: not with --study/],
    [
      ['--plan', 'plan.json'],
      /^s2bench: --plan plan\.json: costs\.cleanLine\.figures: no figure is called 'clean 4k'; did you mean clean 4K\?/,
    ],
    [['--plan', 'none.json'], /^s2bench: --plan none\.json: no cost is fitted/],
    [['--plan', 'two.json'], /^s2bench: --plan two\.json: fits 2 costs to 1 figures, which cannot decide them/],
  ])('refuses what cannot be fitted: %#', async (args, message) => {
    const given = { valueNs: 8, provenance: 'assumed', source: 'a test' };
    const two = { startNs: 8, source: 'a test', figures: ['clean 4K'] };
    const plan = await planOf(two);
    const files = {
      'mine.json': MINE,
      'plan.json': await planOf({ ...two, figures: ['clean 4k'] }),
      'none.json': await planOf(given),
      'two.json': {
        ...plan,
        costs: { ...(plan as { costs: object }).costs, exit: { startNs: 600, source: 'a test' } },
      },
    };
    const { code, stderr } = await calibrate(files, '--figures', 'mine.json', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
