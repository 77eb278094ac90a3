/** A strategy with the hooks of other plugins beside it: again a strategy, so that every consumer takes it as it stands. */
import { type LogHooks, LOG_HOOKS } from './log-hooks.ts';
import { type Needs } from './needs.ts';
import { type Strategy, type Walker, walkersOf } from './strategy.ts';
import { VISITORS } from './visitors.ts';

/** Plugins whose hooks a strategy is given, by where logging is. Left out: the strategy's own hooks, or what the kernel does. */
export interface HookChoice {
  /** Its `logStart` and `logClear`. */
  readonly start?: Strategy | undefined;
  /** Its `logStop`. */
  readonly stop?: Strategy | undefined;
}

/** Whether a plugin has hooks and no visitor: it is no strategy by itself. */
export function isHookAlone(plugin: Strategy): boolean {
  const hasVisitors = plugin.v6 !== undefined || VISITORS.some((name) => plugin[name] !== undefined);
  return !hasVisitors && LOG_HOOKS.some((hook) => plugin[hook] !== undefined);
}

/**
 * Why the hooks of a plugin cannot be used there, in one line; `undefined` where they can.
 *
 * @param where - `start` or `stop` of logging
 */
export function whyNoHook(plugin: Strategy, where: keyof HookChoice): string | undefined {
  const { logStart, logClear, logStop, name } = plugin;
  const isStart = logStart !== undefined || logClear !== undefined;
  if (where === 'start' ? isStart : logStop !== undefined) return undefined;
  const other = where === 'start' ? logStop !== undefined : isStart;
  const hint = other ? `; it has one for the ${where === 'start' ? 'stop' : 'start'}` : '';
  return `${name} has no hook for where logging ${where}s${hint}`;
}

/**
 * The strategy with the hooks of other plugins, in the place of its own. It is named after all of them, `mine+recover-zap`,
 * is written for the walkers that all are written for, and needs what any of them needs.
 */
export function withHooks(strategy: Strategy, { start, stop }: HookChoice): Strategy {
  const plugins = [strategy, start, stop].filter((plugin) => plugin !== undefined);
  const { needs: _needs, expects: _expects, logStart, logClear, logStop, ...own } = strategy;
  // What starts logging comes from one plugin: a split at CLEAR belongs to the one that was put off.
  const hooks = onlyGiven({
    logStart: start === undefined ? logStart : start.logStart,
    logClear: start === undefined ? logClear : start.logClear,
    logStop: stop === undefined ? logStop : stop.logStop,
  });
  const needs = Object.assign({}, ...plugins.map((plugin) => plugin.needs)) as Needs;
  const expects = expectationOf(plugins);
  return Object.freeze({
    ...own,
    name: plugins.map(({ name }) => name).join('+'),
    summary: plugins.map(({ summary }) => summary).join('; '),
    source: plugins.map(({ source }) => source).join('; '),
    contractVersion: Math.max(...plugins.map(({ contractVersion }) => contractVersion)),
    walkers: sharedWalkers(plugins),
    ...(Object.keys(needs).length > 0 && { needs }),
    ...(expects !== undefined && { expects }),
    ...hooks,
  });
}

function onlyGiven({
  logStart,
  logClear,
  logStop,
}: { [Hook in keyof LogHooks]: LogHooks[Hook] | undefined }): LogHooks {
  return { ...(logStart && { logStart }), ...(logClear && { logClear }), ...(logStop && { logStop }) };
}

function sharedWalkers(plugins: readonly Strategy[]): Walker[] {
  const [first, ...others] = plugins.map(walkersOf);
  return (first ?? []).filter((walker) => others.every((walkers) => walkers.includes(walker)));
}

/** Safe where all are; the rules that any of them is known to break; nothing where one of them says nothing. */
function expectationOf(plugins: readonly Strategy[]): Strategy['expects'] {
  if (plugins.some(({ expects }) => expects === undefined)) return undefined;
  const rules = [...new Set(plugins.flatMap(({ expects }) => (Array.isArray(expects) ? (expects as string[]) : [])))];
  return rules.length === 0 ? 'safe' : rules;
}
