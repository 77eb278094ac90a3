/** Changes a part of every stage of a document, where there is one. */
import type { JsonObject } from '../schema.ts';

/** The document with another value in a field of each of its stages. What has not the shape of one stays as it is. */
export function changedStages(
  document: JsonObject,
  field: string,
  change: (inner: JsonObject) => JsonObject,
): JsonObject {
  const { cells } = document;
  if (!Array.isArray(cells)) return document;
  const inStage = (stage: unknown): unknown => changed(stage, field, change);
  return {
    ...document,
    cells: cells.map((cell: unknown) => changed(cell, 'stages', (stages) => mapValues(stages, inStage))),
  };
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
