import { dirname, resolve } from 'node:path';
import type { ConfigFile } from './read.ts';

/** The strategies that a config file adds, absolute: its paths count from its folder. */
export function strategyPathsOf(config: ConfigFile | undefined): string[] {
  return config === undefined
    ? []
    : (config.config.strategies ?? []).map((path) => resolve(dirname(config.path), path));
}
