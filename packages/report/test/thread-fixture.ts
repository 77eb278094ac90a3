/** A document like that of the thread's matrix: its times come from a few lines of arithmetic, not from a simulation. */
import { createHash } from 'node:crypto';
import type { Cell, CellResult, OkResult, ResultDocument, StageResult } from '../src/schema.ts';
import { SCHEMA_VERSION } from '../src/schema.ts';

const GIB = 2 ** 30;
const BLOCKS = 20;
const CLEAN_NS = 0.129e9;
const WALK_NS = 0.9e6;
const TLBI_NS = 2400;
const EXIT_NS = 700;
const COMMON_NS: Readonly<Record<number, number>> = { 20: 15.1e6, 40: 18.7e6, 60: 26.4e6 };
const PUBLISHED: Readonly<Record<string, Readonly<Record<number, readonly number[]>>>> = {
  baseline: {
    20: [2.881, 2.883, 2.885, 2.879, 2.882],
    40: [2.954, 2.955, 2.949, 2.951, 2.953],
    60: [3.118, 3.112, 3.13, 3.128, 3.119],
  },
  'install-first-no-cmo': {
    20: [0.31, 0.301, 0.312, 0.299, 0.306],
    40: [0.381, 0.366, 0.381, 0.38, 0.378],
    60: [0.524, 0.534, 0.536, 0.525, 0.539],
  },
};

/** Strategies of the fixture. */
export const STRATEGIES = [
  'baseline',
  'install-first-no-cmo',
  'install-first-uniform-cmo',
  'full-population-check',
] as const;
/** vCPU counts of the fixture. */
export const VCPUS = [20, 40, 60] as const;
/** Histories of the fixture. */
export const HISTORIES = ['block-first', 'logging-first'] as const;

/** A cell of the thread's matrix. */
export function threadCell(change: Partial<Cell> = {}): Cell {
  return {
    strategy: 'baseline',
    vcpus: 20,
    memoryBytes: 20 * GIB,
    granuleBytes: GIB,
    pageSizeBytes: 4096,
    backing: 'hugetlb',
    history: 'block-first',
    profile: 'kunpeng920',
    kernel: 'v5.12p1',
    workload: 'page-table-test',
    seed: 1,
    ...change,
  };
}

/** What ADJUST would roughly do in a cell. */
export function adjustResult(cell: Cell): StageResult {
  const cleans = cell.strategy !== 'install-first-no-cmo';
  const installsFirst = cell.strategy !== 'baseline';
  const sparse = cell.history === 'logging-first';
  const walkNs = sparse ? WALK_NS / 100 : WALK_NS;
  const countNs = cell.strategy === 'full-population-check' ? walkNs / 3 : 0;
  const perBlockNs =
    (COMMON_NS[cell.vcpus] ?? 10e6) + (cleans ? CLEAN_NS : 0) + (installsFirst ? -TLBI_NS : 0) + countNs;
  const longestNs = TLBI_NS + (cleans ? CLEAN_NS : 0) + (installsFirst ? 0 : walkNs);
  const stallNs = perBlockNs * 0.93;
  return {
    timeNs: BLOCKS * perBlockNs,
    faults: { translation: BLOCKS * cell.vcpus, permission: 0, spurious: BLOCKS * (cell.vcpus - 1), retried: 0 },
    maps: BLOCKS,
    relaxed: 0,
    tlbi: { vmid: BLOCKS, ipa: 0, range: 0 },
    cleanedBytes: cleans ? BLOCKS * GIB : 0,
    invalidatedBytes: 0,
    tablePages: { allocated: 0, freed: BLOCKS * (sparse ? 2 : 258) },
    invalidWindow: {
      count: BLOCKS,
      longestNs,
      totalNs: BLOCKS * longestNs,
      pageSeconds: (BLOCKS * longestNs * (sparse ? 512 : GIB / 4096)) / 1e9,
    },
    stallNs: { p50: stallNs, p99: stallNs * 1.04, max: stallNs * 1.05 },
    lockWaitNs: stallNs * BLOCKS * (cell.vcpus - 1),
    staleReads: !cleans && sparse ? BLOCKS * 1000 * cell.vcpus : 0,
    extrapolated: false,
    chargedNs: {
      cleanLine: cleans ? BLOCKS * CLEAN_NS : 0,
      descriptorRead: BLOCKS * (walkNs + countNs),
      exit: BLOCKS * cell.vcpus * EXIT_NS,
      tlbiVmid: BLOCKS * TLBI_NS,
    },
  };
}

/** A simulated cell, with the published figures where the thread has some. */
export function okResult(cell: Cell): OkResult {
  const seconds = cell.history === 'block-first' ? PUBLISHED[cell.strategy]?.[cell.vcpus] : undefined;
  return {
    cell,
    status: 'ok',
    strategyVersion: '0.1.0',
    stages: { ADJUST: adjustResult(cell) },
    ...(seconds === undefined
      ? {}
      : { published: [{ stage: 'ADJUST', seconds: [...seconds], source: 'RFC 3/4 comment, 2021-02-28' }] }),
  };
}

/** As long as a hash, and another one for each text. */
export function hashLike(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A document of these cells, with everything that the thread's preset says about them. */
export function documentOf(cells: readonly CellResult[], change: Partial<ResultDocument> = {}): ResultDocument {
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 's2bench', version: '0.1.0' },
    command: 'npx s2bench run',
    preset: 'thread-2021',
    title: 'Coalescing page mappings into blocks: the matrix of the 2021 thread',
    comparisons: [
      { from: 'baseline', to: 'install-first-uniform-cmo', factor: 'order of install', role: 'part' },
      { from: 'install-first-uniform-cmo', to: 'install-first-no-cmo', factor: 'missing clean', role: 'part' },
      {
        from: 'install-first-uniform-cmo',
        to: 'full-population-check',
        factor: 'full-population check',
        role: 'alternative',
      },
    ],
    strategies: STRATEGIES.map((name) => ({
      name,
      version: '0.1.0',
      hash: hashLike(name),
      summary: `The strategy ${name}`,
      source: 'the thread, 2021-02',
    })),
    kernels: [{ name: 'v5.12p1', hash: hashLike('v5.12p1'), summary: 'not the release, but what the thread had' }],
    workloads: [
      {
        name: 'page-table-test',
        version: '0.1.0',
        hash: hashLike('page-table-test'),
        summary: 'writes, splits and coalesces blocks',
        isShipped: true,
      },
    ],
    profiles: [
      {
        name: 'kunpeng920',
        summary: 'HiSilicon Kunpeng 920, no FWB',
        hash: '0123456789abcdef'.repeat(4),
        costs: [
          {
            name: 'cleanLine',
            value: 7.69,
            unit: 'ns/line',
            provenance: 'calibrated',
            source: 'ADJUST before and after, RFC 3/4, 2021-02-28',
          },
          {
            name: 'descriptorRead',
            value: 3.4,
            unit: 'ns',
            provenance: 'assumed',
            source: 'eight descriptors a line, read one after the other',
          },
          {
            name: 'tlbiVmid',
            value: 1508,
            unit: 'ns',
            provenance: 'measured',
            source: 'whole-ASID TLBI then DSB, linux-arm-kernel',
          },
          {
            name: 'exit',
            value: EXIT_NS,
            unit: 'ns',
            provenance: 'assumed',
            source: 'between an hvc and an MMIO round trip on Neoverse N1',
          },
        ],
        calibration: [
          { figure: 'ADJUST, 20 vCPUs, before', published: 2.882, model: 2.9, unit: 's', errorPercent: 0.62 },
          { figure: 'clean 1G to PoC', published: 0.13, model: 0.129, unit: 's', errorPercent: -0.77 },
        ],
      },
    ],
    cells: [...cells],
    ...change,
  };
}

/** The cells of the thread's matrix. */
export function threadCells(): readonly OkResult[] {
  return STRATEGIES.flatMap((strategy) =>
    VCPUS.flatMap((vcpus) => HISTORIES.map((history) => okResult(threadCell({ strategy, vcpus, history })))),
  );
}

/** Four strategies, three vCPU counts, two histories. */
export function threadDocument(change: Partial<ResultDocument> = {}): ResultDocument {
  return documentOf(threadCells(), change);
}
