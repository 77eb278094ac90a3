/** What the plugin reads of a workspace beside the files that it is handed. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A workspace's folder. Its own files win over what is installed. */
export class Workspace {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Whether the simulator is here as sources, as in a clone of s2bench, and not an installed package. */
  get hasSimulator(): boolean {
    return existsSync(join(this.#root, 'harness', 'package.json'));
  }

  /** Name of the project of a strategy, or `undefined` where the strategy is not in the workspace. */
  strategyProject(strategy: string): string | undefined {
    const path = join(this.#root, 'strategies', basename(strategy), 'package.json');
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name : undefined;
  }

  /** The flag that a plugin of hooks alone is named by, from its keywords: `--log-stop`; `undefined` for a strategy. */
  hookFlag(strategy: string): string | undefined {
    const path = join(this.#root, 'strategies', basename(strategy), 'package.json');
    if (!existsSync(path)) return undefined;
    const { keywords = [] } = JSON.parse(readFileSync(path, 'utf8')) as { keywords?: readonly string[] };
    const keyword = keywords.find((each) => /^s2bench-log-(start|stop)$/.test(each));
    return keyword?.replace('s2bench', '-');
  }

  /** Reads a JSON file, named from the workspace's root. */
  readJson(path: string): unknown {
    return JSON.parse(readFileSync(join(this.#root, path), 'utf8'));
  }
}
