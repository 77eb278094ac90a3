/** The command that gives a result again. */
import { joinStrategies } from '../plugins/strategy-text.ts';
import type { MatrixAxes } from './axes.ts';
import { hasOptions, LIST_FLAGS, LIST_KEYS, type ListKey } from './run-flags.ts';
import type { RunRequest } from './run-request.ts';
import { formatSize } from './size.ts';

/**
 * The normalised command: the preset, and what differs from it, in a fixed order and writing. It holds nothing that
 * a result does not depend on (workers, time-outs, folders) and no path of the machine.
 *
 * @param strategySpecs - how the command writes the strategies
 * @param profileSpecs - how it writes the machine profiles
 */
export function commandText(
  request: RunRequest,
  strategySpecs: readonly string[],
  profileSpecs: readonly string[],
): string {
  const { preset, presetIsBuiltIn, presetAxes, exact, config, isExactlyPreset } = request;
  const axes = { ...request.axes, strategy: strategySpecs, profile: profileSpecs };
  const words = ['s2bench', 'run', '--preset', preset.name];
  if (!presetIsBuiltIn && config !== undefined) words.push('--config', config.displayName);
  for (const key of LIST_KEYS) {
    const texts = textsOf(axes, key);
    // What the config file says would come back when the command is run beside it.
    const configSays = config?.config[key] !== undefined;
    if (texts === undefined || (!configSays && texts.join() === textsOf(presetAxes, key)?.join())) continue;
    for (const list of hasOptions(key) ? joinStrategies(texts) : [texts.join()]) words.push(LIST_FLAGS[key].flag, list);
  }
  if (exact && preset.exact !== true) words.push('--exact');
  if (request.verify !== (request.isSameMatrix && preset.verify === true))
    words.push(request.verify ? '--verify' : '--no-verify');
  // A preset's own matrix leaves its document in its report; any other has to be asked for it.
  if (!isExactlyPreset) words.push('--json');
  return words.map(quote).join(' ');
}

function textsOf(axes: MatrixAxes, key: ListKey): readonly string[] | undefined {
  if (key === 'memory' || key === 'granule' || key === 'pageSize') return axes[key]?.map(formatSize);
  return axes[key].map(String);
}

/** Quotes a word for a POSIX shell where it needs it. */
function quote(word: string): string {
  return /^[\w./,@:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
