import { describe, expectTypeOf, it } from 'vitest';
import type { StrategyDefinition } from '../src/define-strategy.ts';
import { defineStrategy, withOptions, z } from '../src/define-strategy.ts';
import type { Ipa, Pa } from '../src/stage2/geometry.ts';
import type {
  ConfigurableStrategy,
  EntryId,
  MapOperation,
  Stage2Entry,
  Strategy,
  TableId,
  TablePage,
  VisitResult,
  Visitors,
} from '../src/strategy.ts';
import type { LogBlock, LogHooks, LogLeaf, LogOperation, LogPhase } from '../src/log-hooks.ts';
import type { V6MapOperation } from '../src/strategy-v6.ts';
import type { UnlockedFault } from '../src/unlocked.ts';

/** So that a type is looked up, and nothing is done with what it stands for. */
const use = (_value: unknown): void => undefined;
const about = { name: 'typed', summary: 'typed', source: 'typed' };

describe('a definition', () => {
  it('infers what its visitors are handed', () => {
    defineStrategy({
      ...about,
      tablePre(entry, map) {
        expectTypeOf(entry).toEqualTypeOf<Stage2Entry>();
        expectTypeOf(map).toEqualTypeOf<MapOperation>();
      },
      tablePost(entry, map) {
        expectTypeOf(entry).toEqualTypeOf<Stage2Entry>();
        return map.mapLeaf(entry);
      },
      leaf(_entry, map) {
        expectTypeOf(map).toEqualTypeOf<MapOperation>();
      },
    });
  });

  it('gives a strategy, with the version of the contract filled in or stated', () => {
    expectTypeOf(defineStrategy(about)).toEqualTypeOf<Strategy>();
    expectTypeOf(defineStrategy({ ...about, contractVersion: 1 })).toEqualTypeOf<Strategy>();
    expectTypeOf<StrategyDefinition['contractVersion']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Strategy['contractVersion']>().toEqualTypeOf<number>();
  });

  it('must say what it is and where it comes from', () => {
    // @ts-expect-error -- no source
    defineStrategy({ name: 'typed', summary: 'typed' });
    // @ts-expect-error -- no summary
    defineStrategy({ name: 'typed', source: 'typed' });
    // @ts-expect-error -- no name
    defineStrategy({ summary: 'typed', source: 'typed' });
    // @ts-expect-error -- a misspelt visitor is no visitor
    defineStrategy({ ...about, tablePro: () => undefined });
  });

  it('must expect safety or rules, in words', () => {
    defineStrategy({ ...about, expects: ['accounting'] });
    // @ts-expect-error -- 'safe' is the only word of its own
    defineStrategy({ ...about, expects: 'unsafe' });
  });
});

describe('a visitor', () => {
  it('returns an errno or nothing, and can be left out', () => {
    expectTypeOf<Visitors['leaf']>().toEqualTypeOf<
      ((entry: Stage2Entry, map: MapOperation) => VisitResult) | undefined
    >();
    expectTypeOf<ReturnType<NonNullable<Visitors['tablePre']>>>().toEqualTypeOf<VisitResult>();
    // @ts-expect-error -- a text is no errno
    defineStrategy({ ...about, tablePre: () => 'EINVAL' });
    // @ts-expect-error -- neither is a truth value
    defineStrategy({ ...about, tablePost: () => true });
    // @ts-expect-error -- the walk does not wait
    defineStrategy({ ...about, leaf: () => Promise.resolve() });
  });

  it('takes an entry and a map, in this order, and no more', () => {
    // @ts-expect-error -- the entry comes first
    defineStrategy({ ...about, tablePre: (map: MapOperation, entry: Stage2Entry) => map.mapLeaf(entry) });
    // @ts-expect-error -- an entry is no number
    defineStrategy({ ...about, tablePre: (entry: number) => entry });
    // @ts-expect-error -- nothing else is handed to it
    defineStrategy({ ...about, leaf: (_entry: Stage2Entry, _map: MapOperation, _clock: object) => undefined });
  });
});

describe('an entry', () => {
  it('is read and never written', () => {
    defineStrategy({
      ...about,
      tablePre(entry) {
        expectTypeOf(entry.id).toEqualTypeOf<EntryId>();
        expectTypeOf(entry.address).toEqualTypeOf<Ipa>();
        expectTypeOf(entry.level).toEqualTypeOf<number>();
        expectTypeOf(entry.sizeBytes).toEqualTypeOf<number>();
        expectTypeOf(entry.valid).toEqualTypeOf<boolean>();
        expectTypeOf(entry.outputAddress).toEqualTypeOf<Pa>();
        expectTypeOf(entry.writable).toEqualTypeOf<boolean>();
        expectTypeOf(entry.executable).toEqualTypeOf<boolean>();
        // @ts-expect-error -- map.invalidate() does that
        entry.valid = false;
        // @ts-expect-error -- the walk moves, not the strategy
        entry.address = 0;
      },
    });
  });
});

describe('a map', () => {
  it('has the operations of the kernel’s, and no more', () => {
    type Operations =
      | 'anchor'
      | 'followed'
      | 'physAddress'
      | 'blockSupported'
      | 'follow'
      | 'invalidate'
      | 'tlbiVmid'
      | 'tlbiIpa'
      | 'clean'
      | 'needsClean'
      | 'invalidateIcache'
      | 'tlbiRange'
      | 'freeBelow'
      | 'walkTables'
      | 'install'
      | 'mapLeaf'
      | 'put'
      | 'get'
      | 'freeTable'
      | 'walkLeaves';
    expectTypeOf<keyof MapOperation>().toEqualTypeOf<Operations>();
    expectTypeOf<MapOperation['follow']>().returns.toEqualTypeOf<TableId>();
    expectTypeOf<MapOperation['blockSupported']>().returns.toEqualTypeOf<boolean>();
    expectTypeOf<MapOperation['mapLeaf']>().returns.toEqualTypeOf<number>();
    expectTypeOf<MapOperation['physAddress']>().toEqualTypeOf<Pa>();
    expectTypeOf<MapOperation['needsClean']>().toEqualTypeOf<boolean>();
    expectTypeOf<MapOperation['walkTables']>().parameter(1).parameter(0).toEqualTypeOf<TablePage>();
    expectTypeOf<V6MapOperation['walkTables']>().toEqualTypeOf<MapOperation['walkTables']>();
    expectTypeOf<V6MapOperation['needsClean']>().toEqualTypeOf<boolean>();
  });

  it('tells neither time nor cost, and does not let its address be set', () => {
    defineStrategy({
      ...about,
      tablePre(_entry, map) {
        // @ts-expect-error -- time is the machine's
        use(map.timeNs);
        // @ts-expect-error -- and so are costs
        use(map.costs);
        // @ts-expect-error -- the table is behind the operations
        use(map.table);
        // @ts-expect-error -- install() and mapLeaf() advance it
        map.physAddress = 0;
      },
    });
  });
});

describe('options', () => {
  const schema = z.object({
    threshold: z.number().int().default(64),
    order: z.enum(['first', 'last']).default('first'),
  });

  it('infer what the visitors are made of', () => {
    const made = defineStrategy({
      ...about,
      options: schema,
      visitors: ({ threshold, order }) => {
        expectTypeOf(threshold).toEqualTypeOf<number>();
        expectTypeOf(order).toEqualTypeOf<'first' | 'last'>();
        return {
          tablePre(entry, map) {
            expectTypeOf(entry).toEqualTypeOf<Stage2Entry>();
            expectTypeOf(map).toEqualTypeOf<MapOperation>();
          },
        };
      },
    });
    expectTypeOf(made).toEqualTypeOf<ConfigurableStrategy<typeof schema>>();
    expectTypeOf(made).toExtend<Strategy>();
    expectTypeOf(withOptions(made, { threshold: 16 })).toEqualTypeOf<Strategy>();
    // @ts-expect-error -- no such option
    withOptions(made, { treshold: 16 });
    // @ts-expect-error -- no such order
    withOptions(made, { order: 'middle' });
  });

  it('each have a default', () => {
    // @ts-expect-error -- without one the strategy could not be run by its name alone
    defineStrategy({ ...about, options: z.object({ threshold: z.number() }), visitors: () => ({}) });
  });

  it('make the visitors: those stand nowhere else, and are as strict', () => {
    // @ts-expect-error -- options that nothing reads
    defineStrategy({ ...about, options: schema });
    // @ts-expect-error -- visitors without options
    defineStrategy({ ...about, visitors: () => ({}) });
    // @ts-expect-error -- one beside those that the options make
    defineStrategy({ ...about, options: schema, visitors: () => ({}), leaf: () => undefined });
    // @ts-expect-error -- a text is no errno
    defineStrategy({ ...about, options: schema, visitors: () => ({ tablePre: () => 'EINVAL' }) });
  });
});

describe('work before the lock', () => {
  it('is told of the fault, and can clean; it returns nothing and sees no table', () => {
    defineStrategy({
      ...about,
      beforeLock(fault) {
        expectTypeOf(fault).toEqualTypeOf<UnlockedFault>();
        expectTypeOf(fault.address).toEqualTypeOf<Ipa>();
        expectTypeOf(fault.sizeBytes).toEqualTypeOf<number>();
        expectTypeOf(fault.needsClean).toEqualTypeOf<boolean>();
        fault.clean();
        // @ts-expect-error -- the table may be another by the time that the lock is taken
        use(fault.walkLeaves);
        // @ts-expect-error -- nothing is written
        fault.sizeBytes = 0;
      },
    });
    // @ts-expect-error -- nothing waits
    defineStrategy({ ...about, beforeLock: 'clean' });
  });
});

describe('hooks where logging changes', () => {
  it('are lists of phases that are handed a log operation', () => {
    expectTypeOf<LogHooks['logStart']>().toEqualTypeOf<readonly LogPhase[] | undefined>();
    expectTypeOf<LogHooks['logClear']>().toEqualTypeOf<readonly LogPhase[] | undefined>();
    expectTypeOf<LogHooks['logStop']>().toEqualTypeOf<readonly LogPhase[] | undefined>();
    const run = (log: LogOperation): void => {
      log.walk({
        tablePre(entry) {
          expectTypeOf(log.mayBeBlock(entry)).toEqualTypeOf<boolean>();
          expectTypeOf(log.hostBlock(entry)).toEqualTypeOf<boolean>();
          expectTypeOf(log.childOf(entry)).toEqualTypeOf<TableId>();
          log.walkLeaves(log.childOf(entry), (leaf) => expectTypeOf(leaf).toEqualTypeOf<LogLeaf>());
          log.walkTables(log.childOf(entry), (page) => expectTypeOf(page).toEqualTypeOf<TablePage>());
        },
      });
      expectTypeOf<Parameters<LogOperation['install']>[1]>().toEqualTypeOf<LogBlock>();
      // @ts-expect-error -- a hook has found no host memory, so that it has none to map next
      use(log.physAddress);
    };
    const phase = { name: 'zap', chunkLevel: 1, run };
    defineStrategy({ ...about, logStart: [phase], logClear: [phase], logStop: [phase] });
    // @ts-expect-error -- a phase has a name
    defineStrategy({ ...about, logStop: [{ chunkLevel: 1, run }] });
    // @ts-expect-error -- a hook is a list of phases
    defineStrategy({ ...about, logStop: run });
  });
});
