/** A clone of the working tree as it stands, to change and throw away. Nothing is installed: it borrows the packages. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

/** The repository that this file is part of. */
export const ROOT = resolve(import.meta.dirname, '..');

/** A repository of its own, whose one commit is the working tree. */
export class ScratchClone {
  readonly root: string;

  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 's2bench-clone-')));
    for (const path of workingTree()) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      copyFileSync(join(ROOT, path), join(this.root, path));
    }
    for (const folder of installedIn()) linkPackages(join(ROOT, folder), join(this.root, folder));
    this.git('init', '--quiet', '--initial-branch=main');
    this.commit('the working tree');
  }

  /** Commits all that has changed. */
  commit(message: string): void {
    this.git('add', '--all');
    this.git(
      '-c',
      'user.name=s2bench',
      '-c',
      'user.email=s2bench@localhost',
      'commit',
      '--quiet',
      '--message',
      message,
    );
  }

  git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.root, encoding: 'utf8' });
  }

  /** The environment of its commands: its own binaries first, no Nx daemon that would outlive it, no process a plugin. */
  get env(): NodeJS.ProcessEnv {
    const PATH = `${join(this.root, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`;
    return {
      ...process.env,
      PATH,
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NX_NO_CLOUD: 'true',
      NX_TUI: 'false',
      CI: 'true',
    };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** What Git knows and what it would add: neither builds nor what is ignored. */
function workingTree(): string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return list.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

/** The root's packages, and those of which a package of the workspace has a version of its own. */
function installedIn(): string[] {
  const manifests = workingTree().filter((path) => basename(path) === 'package.json');
  return manifests
    .map((path) => join(dirname(path), 'node_modules'))
    .filter((folder) => existsSync(join(ROOT, folder)));
}

/**
 * Installed packages are linked to where they are. Links to the workspace's packages and to their programs are
 * relative, and made again, so that they lead into the clone.
 */
function linkPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const source = join(from, name);
    const target = join(to, name);
    if (lstatSync(source).isSymbolicLink()) {
      const link = readlinkSync(source);
      symlinkSync(isAbsolute(link) ? resolve(from, link) : link, target);
    } else if (name.startsWith('@') || name === '.bin') linkPackages(source, target);
    else if (!name.startsWith('.')) symlinkSync(source, target);
  }
}
