/**
 * Watches over the realm of a thread that runs a strategy. A strategy is plain synchronous code with no memory of its
 * own: what it changes of the language itself, of the global object, or leaves running, is found after each step, put
 * back, and said with its name.
 */
import { oneLine } from '../cli/errors.ts';
import { restrictProcess } from './process-guard.ts';

/** Of the language, and of what results leave a thread by. */
const LANGUAGE = [
  'Array',
  'ArrayBuffer',
  'Atomics',
  'BigInt',
  'Boolean',
  'DataView',
  'Date',
  'Error',
  'Float64Array',
  'Function',
  'Int32Array',
  'JSON',
  'Map',
  'Math',
  'MessagePort',
  'Number',
  'Object',
  'Promise',
  'Proxy',
  'Reflect',
  'RegExp',
  'Set',
  'String',
  'Symbol',
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
  'WeakMap',
  'structuredClone',
] as const;

type Descriptors = ReadonlyMap<PropertyKey, PropertyDescriptor>;

/** What is used below is taken before any strategy could change it. */
const { defineProperty, getOwnPropertyDescriptor, is: isSame } = Object;
const { ownKeys, deleteProperty } = Reflect;
const activeResources = process.getActiveResourcesInfo.bind(process);
const timers = new Set(['Timeout', 'Immediate']);

/** Objects that all code of a realm shares, by name, and their properties as they were. */
let shared: readonly { readonly name: string; readonly object: object; readonly was: Descriptors }[] = [];
let globals: ReadonlySet<PropertyKey> = new Set();
/** What has happened outside of any call of ours, since it was asked last. */
let strayFault: string | undefined;

/** Remembers the realm as it is, and keeps from it what ends or changes more than a thread. Before any strategy. */
export function guardRealm(): void {
  restrictProcess();
  shared = [...sharedObjects()].map(([name, object]) => ({ name, object, was: descriptorsOf(object) }));
  globals = new Set(ownKeys(globalThis));
  process.on('uncaughtException', (error) => {
    strayFault ??= `throws outside of its visitors: ${oneLine(error)}`;
  });
}

/**
 * What a strategy has done to the realm since it was asked last, in words; `undefined` where it has done nothing. The
 * realm is as before then, as far as it can be.
 */
export function takeRealmFault(): string | undefined {
  const found = strayFault ?? changeOfShared() ?? newGlobal() ?? leftRunning();
  strayFault = undefined;
  return found;
}

/** Lets rejections and timers that are due come to pass, so that they are found before a result is given. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

function changeOfShared(): string | undefined {
  let found: string | undefined;
  for (const { name, object, was } of shared) {
    for (const [key, before] of was) {
      const is = getOwnPropertyDescriptor(object, key);
      if (is !== undefined && isSame(is.value, before.value) && is.get === before.get && is.set === before.set)
        continue;
      found ??= `changes ${name}.${String(key)}, which all code shares`;
      restore(object, key, before);
    }
    const keys = ownKeys(object);
    if (keys.length === was.size) continue;
    for (const key of keys) {
      if (was.has(key)) continue;
      found ??= `adds ${name}.${String(key)}, which all code shares`;
      deleteProperty(object, key);
    }
  }
  return found;
}

function restore(object: object, key: PropertyKey, before: PropertyDescriptor): void {
  try {
    defineProperty(object, key, before);
  } catch {
    // Made unchangeable: the thread is the strategy's own, and its cell fails.
  }
}

function newGlobal(): string | undefined {
  const key = ownKeys(globalThis).find((one) => !globals.has(one));
  if (key === undefined) return undefined;
  deleteProperty(globalThis, key);
  return `keeps ${String(key)} in the global object; a strategy has no memory`;
}

function leftRunning(): string | undefined {
  const left = activeResources().filter((kind) => timers.has(kind)).length;
  return left === 0 ? undefined : 'leaves a timer running; a strategy ends with its call';
}

function descriptorsOf(object: object): Descriptors {
  return new Map(
    ownKeys(object).flatMap((key) => {
      const descriptor = getOwnPropertyDescriptor(object, key);
      return descriptor === undefined ? [] : [[key, descriptor] as const];
    }),
  );
}

/** These, and the prototypes that belong to them. */
function sharedObjects(): Map<string, object> {
  const found = new Map<string, object>();
  const named = (name: string, object: unknown): void => {
    if ((typeof object !== 'object' && typeof object !== 'function') || object === null) return;
    found.set(name, object);
    if (typeof object === 'function' && typeof object.prototype === 'object' && object.prototype !== null)
      found.set(`${name}.prototype`, object.prototype as object);
  };
  for (const name of LANGUAGE) named(name, (globalThis as Record<string, unknown>)[name]);
  const arrayIterator: unknown = Object.getPrototypeOf([][Symbol.iterator]());
  named('ArrayIterator.prototype', arrayIterator);
  named('Iterator.prototype', Object.getPrototypeOf(arrayIterator));
  named('TypedArray', Object.getPrototypeOf(Uint8Array));
  return found;
}
