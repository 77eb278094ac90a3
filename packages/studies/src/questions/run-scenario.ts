/** Runs one scenario, in whatever thread: searches a world, or samples tables of the real size. */
import type { Strategy } from '@s2bench/core';
import { ENOMEM } from '@s2bench/core';
import { IgnoreEffects, makeGeometry, Stage2Table } from '@s2bench/core/stage2';
import { kernelModelOf, Mapper, MemoryCache, unmap, writeProtect } from '@s2bench/kernel';
import { dumpTable, EventRecorder } from '@s2bench/kernel/ops';
import { type CounterexampleOf, renderRows, RULES, verifyWorld } from '@s2bench/verify';
import { uniform } from '@s2bench/workloads';
import type {
  Cast,
  ExploreResult,
  ExploreScenario,
  SampleFinding,
  SampleResult,
  SampleScenario,
  Scenario,
  ScenarioResult,
  Steps,
} from './claim.ts';

/** Runs a scenario. The same scenario gives the same result, whoever runs it. */
export function runScenario(scenario: Scenario, cast: Cast): ScenarioResult {
  return scenario.kind === 'explore' ? explore(scenario, cast) : sampleTables(scenario, cast);
}

function explore({ subject, world: name, history, fwb, looksFor, shown }: ExploreScenario, cast: Cast): ExploreResult {
  const world = cast.world(name);
  const rules = looksFor === 'rules' ? RULES : [cast.probe(looksFor, world, fwb)];
  const result = verifyWorld(cast.subject(subject), world, { history, fwb, rules });
  const { rule, counterexample, states, transitions, complete, verdict } = result;
  return {
    kind: 'explore',
    found: rule ?? (verdict === 'safe' ? 'nothing' : 'incomplete'),
    states,
    transitions,
    complete,
    ...(counterexample !== undefined && { turns: counterexample.rows.length }),
    ...(shown !== undefined && counterexample !== undefined && { steps: stepsOf(counterexample) }),
  };
}

function stepsOf(document: CounterexampleOf<string>): Steps {
  const { opening, conclusion } = document;
  return { opening, conclusion, rows: renderRows(document) };
}

const KERNEL = 'v5.12p1';
const PAGE_BYTES = 4096;
const ENTRIES = 512;
const BLOCK_BYTES = ENTRIES * PAGE_BYTES;
const GIB = ENTRIES * BLOCK_BYTES;
/** What is mapped lies in the first blocks of one gibibyte, so that operations meet one another. */
const BLOCKS = 3;
const BASE_IPA = 2 * GIB;
const BASE_PHYS = 8 * GIB;
/** Pages of the longest run that is mapped page by page: it fills a table and goes on into the next. */
const MOST_PAGES = ENTRIES + 8;

type Random = () => number;

interface Operation {
  readonly do: 'map' | 'unmap' | 'write-protect';
  readonly offset: number;
  readonly sizeBytes: number;
  readonly write: boolean;
}

/**
 * Two strategies side by side on tables of the real size: the same random operations, and the tables compared after each.
 * Runs the scripts of a scenario until the two strategies differ, or to their end.
 */
export function sampleTables(
  { subjects, seed, scripts, operations }: SampleScenario,
  cast: Pick<Cast, 'subject'>,
): SampleResult {
  const random = uniform(seed);
  const sum = { operations: 0, coalesces: 0 };
  for (let script = 0; script < scripts; script++) {
    const sides = subjects.map((name) => new Side(cast.subject(name).strategy));
    for (let index = 0; index < operations; index++) {
      const operation = randomOperation(random);
      const outcomes = sides.map((side) => side.run(operation));
      sum.operations++;
      sum.coalesces += outcomes.some(({ tablesFell }) => tablesFell) && operation.do === 'map' ? 1 : 0;
      const found = compare(outcomes);
      if (found !== 'the same') return { kind: 'sample', found, ...sum };
    }
  }
  return { kind: 'sample', found: 'the same', ...sum };
}

function randomOperation(random: Random): Operation {
  const below = (end: number): number => Math.floor(random() * end);
  const kind = below(10);
  const write = below(2) === 0;
  const block = below(BLOCKS) * BLOCK_BYTES;
  const page = below(BLOCKS * ENTRIES) * PAGE_BYTES;
  const few = (1 + below(4)) * PAGE_BYTES;
  const many = (1 + below(MOST_PAGES)) * PAGE_BYTES;
  if (kind < 4) return { do: 'map', offset: page, sizeBytes: kind < 2 ? PAGE_BYTES : few, write };
  if (kind === 4) return { do: 'map', offset: 0, sizeBytes: GIB, write };
  if (kind < 7) return { do: 'map', offset: block, sizeBytes: BLOCK_BYTES, write };
  if (kind < 9)
    return { do: 'unmap', offset: kind === 7 ? page : block, sizeBytes: kind === 7 ? many : BLOCK_BYTES, write };
  return { do: 'write-protect', offset: page, sizeBytes: many, write };
}

interface Outcome {
  readonly result: number;
  readonly table: string;
  readonly tablesFell: boolean;
}

function compare([one, other]: readonly Outcome[]): SampleFinding {
  if (one?.result === ENOMEM || other?.result === ENOMEM) return 'an error';
  return one?.result === other?.result && one?.table === other?.table ? 'the same' : 'another table';
}

/** One table and its strategy. */
class Side {
  readonly #table: Stage2Table;
  readonly #mapper: Mapper;
  readonly #events = new EventRecorder(0);

  constructor(strategy: Strategy) {
    const geometry = makeGeometry(PAGE_BYTES, 40);
    this.#table = new Stage2Table({ geometry, fwb: false, effects: new IgnoreEffects() });
    this.#mapper = new Mapper(this.#table, kernelModelOf(KERNEL), strategy);
  }

  run(operation: Operation): Outcome {
    const pagesBefore = this.#table.arena.livePages;
    const result = this.#act(operation);
    const table = JSON.stringify(dumpTable(this.#table, this.#events.totals.toRecord()));
    return { result, table, tablesFell: this.#table.arena.livePages < pagesBefore };
  }

  #act({ do: what, offset, sizeBytes, write }: Operation): number {
    const address = BASE_IPA + offset;
    if (what === 'unmap') return unmap(this.#table, address, sizeBytes);
    if (what === 'write-protect') return writeProtect(this.#table, address, sizeBytes);
    const protection = { read: true, write, execute: false, device: false };
    return this.#mapper.map(address, sizeBytes, BASE_PHYS + offset, protection, new MemoryCache(Infinity));
  }
}
