/** Reads the counterexample that `--replay` names. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Counterexample,
  COUNTEREXAMPLE_VERSION,
  counterexampleSchema,
  NAMED_WORLDS,
  VERIFY_SCHEMA_VERSION,
  verifyDocumentSchema,
  type World,
} from '@s2bench/verify';
import type * as z from 'zod';
import { knownNames, oneLine, UsageError } from '../../cli/errors.ts';

/** A counterexample, and the world that it is of. */
export interface KnownCounterexample {
  readonly document: Counterexample;
  readonly world: World;
}

/**
 * Reads a counterexample: a file of its own, or a document of `s2bench verify --json` that holds one.
 *
 * @throws UsageError where the file cannot be read, is cut off, or is of another version
 */
export async function readCounterexample(file: string, cwd: string): Promise<KnownCounterexample> {
  const origin = `--replay ${file}`;
  const json = parseJson(readText(file, cwd, origin), origin);
  const document =
    isObject(json) && 'results' in json
      ? onlyOneOf(json, origin)
      : checked(counterexampleSchema, json, COUNTEREXAMPLE_VERSION, origin);
  // Some animals live in a world of their own.
  const { ANIMALS } = await import('@s2bench/zoo');
  const world = [...NAMED_WORLDS, ...ANIMALS.map(({ habitat }) => habitat.world)].find(
    ({ name }) => name === document.world,
  );
  if (world !== undefined) return { document, world };
  const names = NAMED_WORLDS.map(({ name }) => name);
  throw new UsageError(`${origin}: world ${document.world}: unknown world; ${knownNames(document.world, names)}`);
}

function onlyOneOf(json: object, origin: string): Counterexample {
  const { results } = checked(verifyDocumentSchema, json, VERIFY_SCHEMA_VERSION, origin);
  const found = results.flatMap(({ counterexample }) => counterexample ?? []);
  const [only] = found;
  if (only === undefined) throw new UsageError(`${origin}: holds no counterexample`);
  if (found.length > 1) {
    throw new UsageError(
      `${origin}: holds ${found.length} counterexamples; "s2bench verify --out FOLDER" writes a file for each`,
    );
  }
  return only;
}

function readText(file: string, cwd: string, origin: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`${origin}: cannot be read: ${oneLine(error)}`);
  }
}

function parseJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${origin}: not JSON, or cut off: ${oneLine(error)}`);
  }
}

function checked<T extends z.ZodType>(schema: T, json: unknown, version: number, origin: string): z.infer<T> {
  const theirs = isObject(json) && 'schemaVersion' in json ? json.schemaVersion : undefined;
  if (typeof theirs === 'number' && theirs !== version) {
    throw new UsageError(
      `${origin}: has schema version ${theirs}, this s2bench reads version ${version}; make it again with "s2bench verify"`,
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${origin}: no counterexample: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
}

function isObject(json: unknown): json is object {
  return typeof json === 'object' && json !== null;
}
