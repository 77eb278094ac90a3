/** Version 2 to 3: every stage says how many of its faults were retried. */
import type { JsonObject } from '../schema.ts';

/**
 * A document of version 2 has the retried faults among its translation and permission faults and does not say how many
 * they are: the count is `null`.
 */
export function withRetriedFaults(document: JsonObject): JsonObject {
  const { cells } = document;
  if (!Array.isArray(cells)) return document;
  return {
    ...document,
    cells: cells.map((cell: unknown) => changed(cell, 'stages', (stages) => mapValues(stages, withCount))),
  };
}

function withCount(stage: unknown): unknown {
  return changed(stage, 'faults', (faults) => ({ ...faults, retried: null }));
}

/** The object with another value in a field, where both are objects. */
function changed(value: unknown, field: string, change: (inner: JsonObject) => JsonObject): unknown {
  if (!isObject(value)) return value;
  const inner = value[field];
  return isObject(inner) ? { ...value, [field]: change(inner) } : value;
}

function mapValues(object: JsonObject, change: (value: unknown) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
