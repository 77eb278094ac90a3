/** Does what a document says, in a clone that is thrown away. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ScratchClone } from '../scratch-clone.ts';
import { exceptionOf, type Exceptions, sourceNamed } from './exceptions.ts';
import { missingPart } from './output.ts';
import type { Command, Piece, Source } from './pieces.ts';
import { firstDifference } from './same-code.ts';

const TSCONFIG = 'tsconfig.documents.json';

/** How one step went. */
export interface Step {
  readonly place: string;
  readonly code: string;
  readonly seconds: number;
  /** What is wrong, with what was printed; `undefined` where nothing is. */
  readonly fault?: string;
}

interface Done {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One document's clone. */
export class DocumentRun {
  readonly #clone = new ScratchClone();
  readonly #document: string;
  /** Of all documents: one may use what another one shows. */
  readonly #pieces: readonly Piece[];
  readonly #exceptions: Exceptions;
  readonly #report: (step: Step) => void;

  constructor(document: string, pieces: readonly Piece[], exceptions: Exceptions, report: (step: Step) => void) {
    this.#document = document;
    this.#pieces = pieces;
    this.#exceptions = exceptions;
    this.#report = report;
  }

  /** Everything, from the top of the document to its end. */
  async run(): Promise<void> {
    try {
      await this.#prepare();
      const mine = this.#pieces.filter(({ document }) => document === this.#document);
      const sources = new Map<string, Source>();
      const commands = new Set<string>();
      for (const piece of mine) {
        if (piece.kind === 'source' && !sources.has(piece.file)) {
          sources.set(piece.file, piece);
          this.#write(piece);
        } else if (piece.kind === 'command' && !commands.has(piece.code)) {
          commands.add(piece.code);
          await this.#command(piece);
        }
      }
      if (sources.size > 0) await this.#sources([...sources.values()]);
    } finally {
      this.#clone.remove();
    }
  }

  async #prepare(): Promise<void> {
    const { files = {}, commands = [] } = this.#exceptions.prepare[this.#document] ?? {};
    for (const [file, document] of Object.entries(files)) {
      this.#put(file, sourceNamed(this.#pieces, document, file) ?? '');
    }
    for (const code of commands) await this.#step(`${this.#document} (prepare)`, code, () => this.#shell(code));
  }

  async #command(command: Command): Promise<void> {
    const { document, line, code, output } = command;
    const exception = exceptionOf(this.#exceptions, command);
    const run = exception === undefined ? code : exception.instead;
    if (run === undefined) return;
    await this.#step(`${document}:${line}`, run, async () => {
      const done = await this.#shell(run);
      const missing = output === undefined ? undefined : missingPart(output, done.stdout);
      if (done.status !== 0 || missing === undefined) return done;
      return { ...done, status: 1, stderr: `${done.stderr}It did not print\n${missing}\n` };
    });
  }

  /** A file of the repository has to be what is shown of it; any other is written where the document says. */
  #write({ file, line }: Source): void {
    const shown = sourceNamed(this.#pieces, this.#document, file) ?? '';
    if (!this.#isOurs(file)) {
      this.#put(file, shown);
      return;
    }
    const difference = firstDifference(shown, readFileSync(join(this.#clone.root, file), 'utf8'));
    const fault = difference && `it shows   ${difference.shown}\n${file} has   ${difference.actual}`;
    this.#report({
      place: `${this.#document}:${line}`,
      code: `compare with ${file}`,
      seconds: 0,
      ...(fault !== undefined && { fault }),
    });
  }

  /** Whether the repository has the file: its own tests run it. */
  #isOurs(file: string): boolean {
    return this.#clone.git('ls-files', file) !== '';
  }

  /** All that the document shows is type-checked together, then each file is loaded, unless it is listed. */
  async #sources(sources: readonly Source[]): Promise<void> {
    const files = sources.map(({ file }) => file);
    const options = { composite: false, declaration: false, declarationMap: false, sourceMap: false, noEmit: true };
    this.#put(TSCONFIG, JSON.stringify({ extends: './tsconfig.base.json', compilerOptions: options, files }));
    await this.#step(this.#document, `tsc ${files.join(' ')}`, () => this.#shell(`npx tsc --project ${TSCONFIG}`));
    for (const source of sources) {
      const { file, line } = source;
      if (this.#isOurs(file) || exceptionOf(this.#exceptions, source) !== undefined) continue;
      const place = `${this.#document}:${line}`;
      if (file.endsWith('.test.ts')) {
        await this.#step(place, `vitest run ${file}`, () => this.#shell(`npx vitest run ${file}`));
        continue;
      }
      const load = `node --conditions=@s2bench/source tools/documents/load-source.ts ${file}`;
      const { stdout } = await this.#step(place, `load ${file}`, () => this.#shell(load));
      if (!stdout.endsWith('\nstrategy\n')) continue;
      await this.#step(place, `s2bench verify ./${file}`, () => this.#shell(`npx s2bench verify ./${file}`));
    }
  }

  async #step(place: string, code: string, act: () => Promise<Done>): Promise<Done> {
    const startedAt = performance.now();
    const done = await act();
    const seconds = (performance.now() - startedAt) / 1000;
    const fault =
      done.status === 0 ? undefined : `it ended with ${done.status ?? 'a signal'}\n${done.stdout}${done.stderr}`;
    this.#report({ place, code, seconds, ...(fault !== undefined && { fault }) });
    return done;
  }

  #put(file: string, content: string): void {
    const path = join(this.#clone.root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  async #shell(code: string): Promise<Done> {
    const { root, env } = this.#clone;
    // npm's settings of the script that runs us are not those of a reader's shell.
    const own = Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name)));
    const child = spawn('bash', ['-c', code], { cwd: root, env: own, stdio: ['ignore', 'pipe', 'pipe'] });
    const closed = once(child, 'close') as Promise<[number | null]>;
    const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { status, stdout, stderr };
  }
}
