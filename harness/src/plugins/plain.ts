/** Plain data out of what a module exports: what is data stays the same, what is code or does something is refused. */
import { oneLine, PluginError } from '../cli/errors.ts';

/** No config file or world is deeper, or has more in it. */
const MAX_DEPTH = 32;
const MAX_VALUES = 100_000;

/**
 * Copies data: texts, numbers, true and false, null, lists, and objects by their own names. What has to be asked for its
 * value (a getter, a proxy) is asked once, here.
 *
 * @throws PluginError of one line that says where something else stands, or where asking throws
 */
export function plainOf(value: unknown): unknown {
  let values = 0;
  const copy = (item: unknown, path: readonly string[]): unknown => {
    const refuse = (what: string): never => {
      throw new PluginError(`${path.length === 0 ? 'the default export' : path.join('.')}: ${what}`);
    };
    if (++values > MAX_VALUES) refuse(`has more than ${MAX_VALUES} values up to here`);
    if (path.length > MAX_DEPTH) refuse(`lies more than ${MAX_DEPTH} deep`);
    if (typeof item === 'function' || typeof item === 'symbol' || typeof item === 'bigint')
      return refuse(`is a ${typeof item}; only plain data can stand there`);
    if (typeof item !== 'object' || item === null) return item;
    try {
      const source = item as Record<string, unknown>;
      const isList = Array.isArray(item);
      if (isList && item.length > MAX_VALUES) refuse(`has more than ${MAX_VALUES} values`);
      const entries: [string, () => unknown][] = isList
        ? Array.from({ length: item.length }, (_, at) => [String(at), () => source[at]])
        : Object.keys(source).map((key) => [key, () => source[key]]);
      const copied = entries.map(([key, get]): [string, unknown] => [
        key,
        copy(read(get, [...path, key]), [...path, key]),
      ]);
      return isList ? copied.map(([, one]) => one) : Object.fromEntries(copied);
    } catch (error) {
      if (error instanceof PluginError) throw error;
      return refuse(`cannot be read: ${oneLine(error)}`);
    }
  };
  return copy(value, []);
}

function read(get: () => unknown, path: readonly string[]): unknown {
  try {
    return get();
  } catch (error) {
    throw new PluginError(`${path.join('.')}: cannot be read: ${oneLine(error)}`);
  }
}
