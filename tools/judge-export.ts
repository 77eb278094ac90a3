/** Holds what Casemate answers to the traces of an export against what the export's index says. */
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  CASEMATE_INDEX,
  CASEMATE_INDEX_VERSION,
  type CasemateIndex,
  casemateIndexSchema,
  type CasemateTrace,
} from '@s2bench/verify';
import type { Answer, CasemateBuild } from './casemate-build.ts';
import { codeOf, JudgeError } from './casemate-build.ts';

/** What came of one trace. */
export interface Judged {
  readonly trace: CasemateTrace;
  /** What is wrong; nothing where the answer is the one that was expected. */
  readonly disagreement: string | undefined;
}

/**
 * Reads the index of an export, and makes sure that the traces are there as it says.
 *
 * @throws JudgeError where they are not
 */
export function readExport(folder: string): CasemateIndex {
  const file = join(folder, CASEMATE_INDEX);
  const index = checked(parsed(textOf(file), file), file);
  if (index.traces.length === 0) throw new JudgeError(`${file}: names no trace`);
  for (const trace of index.traces) requireTrace(folder, trace);
  return index;
}

/**
 * Asks a build about every trace, a few at a time. A process for each takes milliseconds, most of them the system's, and
 * more than half of an export are copies: a program that never meets what differs between two worlds. So a text is judged once.
 */
export async function judgeExport(
  build: CasemateBuild,
  folder: string,
  { traces }: CasemateIndex,
  onJudged: (count: number) => void,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  const answers = new Map<string, Promise<Answer>>();
  const answerTo = (file: string): Promise<Answer> => {
    const path = join(folder, file);
    const text = createHash('sha256').update(readFileSync(path)).digest('base64');
    const asked = answers.get(text) ?? build.answerTo(path);
    answers.set(text, asked);
    return asked;
  };
  const left = traces.entries();
  let count = 0;
  const judgeNext = async (): Promise<void> => {
    for (const [index, trace] of left) {
      judged[index] = { trace, disagreement: await disagreementOf(answerTo, trace) };
      onJudged(++count);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, judgeNext));
  return judged;
}

async function disagreementOf(
  answerTo: (file: string) => Promise<Answer>,
  trace: CasemateTrace,
): Promise<string | undefined> {
  const { file, answer: expected } = trace;
  // What our reading does not follow, nothing is expected of.
  if (expected === undefined) return undefined;
  const answer = await answerTo(file);
  if (isAsExpected(answer, expected)) return undefined;
  return `${file}: expected ${expectedText(expected)}; ${answerText(answer)}`;
}

type Expected = NonNullable<CasemateTrace['answer']>;

function isAsExpected(answer: Answer, expected: Expected): boolean {
  if (expected.exitCode === 0) return answer.verdict === 'accepted';
  if (answer.verdict !== 'refused') return false;
  const { refused } = expected;
  return refused === undefined || (answer.record === refused.record && answer.reason === refused.reason);
}

function expectedText(expected: Expected): string {
  if (expected.exitCode === 0) return 'to be accepted';
  const { refused } = expected;
  if (refused === undefined) return 'to be refused';
  return `to be refused at record ${refused.record}, ${refused.what}, for '${refused.reason}'`;
}

function answerText(answer: Answer): string {
  if (answer.verdict === 'accepted') return 'is accepted';
  if (answer.verdict === 'none') return `is not judged: ${answer.problem}`;
  return `is refused at record ${answer.record ?? 'unknown'} for '${answer.reason}'`;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new JudgeError(
      `${file}: cannot be read (${codeOf(error)}); "s2bench verify --export-casemate FOLDER" makes it`,
    );
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JudgeError(`${file}: not JSON, or cut off`);
  }
}

function checked(json: unknown, file: string): CasemateIndex {
  const index = casemateIndexSchema.safeParse(json);
  if (index.success) return index.data;
  const version = (json as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version !== CASEMATE_INDEX_VERSION)
    throw new JudgeError(`${file}: has schema version ${version}, and version ${CASEMATE_INDEX_VERSION} is read here`);
  const [issue] = index.error.issues;
  throw new JudgeError(`${file}: no index of traces: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
}

/** A trace is a file in the folder itself: what the index names leads nowhere else, not by a link either. */
function requireTrace(folder: string, { file, records }: CasemateTrace): void {
  const path = join(folder, file);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new JudgeError(`${path}: is named in ${CASEMATE_INDEX}, and is not there`);
  if (!found.isFile()) throw new JudgeError(`${path}: is named in ${CASEMATE_INDEX}, and is no file`);
  const lines = textOf(path)
    .split('\n')
    .filter((line) => line !== '').length;
  if (lines !== records)
    throw new JudgeError(`${path}: has ${lines} records, and ${records} in ${CASEMATE_INDEX}; export it again`);
}
