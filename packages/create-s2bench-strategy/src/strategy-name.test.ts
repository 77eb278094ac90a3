import { strategyMetadataSchema } from '@s2bench/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from './input-error.ts';
import { MAX_NAME_LENGTH, requireLegalName } from './strategy-name.ts';

function problemOf(name: string | undefined): string | undefined {
  try {
    requireLegalName(name);
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}

describe('a name', () => {
  it('is legal where the contract takes it and a table has room', () => {
    const almostNames = fc.stringMatching(/^[a-z0-9-]{0,70}$/);
    fc.assert(
      fc.property(fc.oneof(almostNames, fc.string()), (name) => {
        const legal = strategyMetadataSchema.shape.name.safeParse(name).success && name.length <= MAX_NAME_LENGTH;
        expect(problemOf(name) === undefined).toBe(legal);
      }),
    );
  });
  it('that is refused gets one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('\n', '\r', ' ', '-', 'a', 'A', '9') }), (name) => {
        expect(problemOf(name) ?? '').not.toMatch(/\n/);
      }),
    );
  });
  it.each([
    ['HolesOnly', /such as "holes-only"$/],
    ['holes_only', /such as "holes-only"$/],
    ['../holes only/', /such as "holes-only"$/],
    ['9', /such as "holes-only"$/],
    ['a'.repeat(65), /65 characters; at most 64/],
    [undefined, /^name the new strategy/],
  ])('%s says what would be right', (name, message) => {
    expect(problemOf(name)).toMatch(message);
  });
});
