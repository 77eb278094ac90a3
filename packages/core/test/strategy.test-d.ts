import { describe, expectTypeOf, it } from 'vitest';
import type { Ipa, Pa } from '../src/geometry.ts';
import type { MapOperation, Stage2Entry, Strategy, StrategyDefinition, TableId, VisitResult } from '../src/strategy.ts';
import { defineStrategy } from '../src/strategy.ts';

describe('the contract of a strategy', () => {
  it('infers the visitors of a definition', () => {
    defineStrategy({
      name: 'typed',
      summary: 'typed',
      source: 'typed',
      tablePre(entry, map) {
        expectTypeOf(entry).toEqualTypeOf<Stage2Entry>();
        expectTypeOf(map).toEqualTypeOf<MapOperation>();
        expectTypeOf(map.follow(entry)).toEqualTypeOf<TableId>();
        expectTypeOf(map.blockSupported(entry)).toEqualTypeOf<boolean>();
        expectTypeOf(map.mapLeaf(entry)).toEqualTypeOf<number>();
        expectTypeOf(map.physAddress).toEqualTypeOf<Pa>();
        expectTypeOf(entry.address).toEqualTypeOf<Ipa>();
      },
    });
  });

  it('gives a strategy, with the version of the contract filled in', () => {
    expectTypeOf(defineStrategy).returns.toEqualTypeOf<Strategy>();
    expectTypeOf<StrategyDefinition>().not.toHaveProperty('contractVersion');
    expectTypeOf<Strategy>().toHaveProperty('contractVersion').toEqualTypeOf<number>();
  });

  it('lets a visitor return an errno or nothing, and be left out', () => {
    expectTypeOf<number>().toExtend<VisitResult>();
    expectTypeOf<undefined>().toExtend<VisitResult>();
    expectTypeOf<string>().not.toExtend<VisitResult>();
    expectTypeOf<Strategy['leaf']>().toEqualTypeOf<((entry: Stage2Entry, map: MapOperation) => VisitResult) | undefined>();
    expectTypeOf<(entry: Stage2Entry) => string>().not.toExtend<NonNullable<Strategy['tablePre']>>();
  });

  it('hands out entries that cannot be written', () => {
    expectTypeOf<{ -readonly [K in keyof Stage2Entry]: Stage2Entry[K] }>().not.toEqualTypeOf<Stage2Entry>();
  });
});
