/** Answers to questions, each with what was run for it: the page of a proof is made of this. */

/** What stands in a column of a table. */
export interface ProofColumn {
  readonly label: string;
  readonly align: 'left' | 'right';
}

/** What was run for a claim, a row each. */
export interface ProofTable {
  readonly caption: string;
  readonly columns: readonly ProofColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Folded away: it is there to be looked up in. */
  readonly folded: boolean;
}

/** The fewest steps to something, to be read. */
export interface ProofSteps {
  readonly caption: string;
  /** Where it begins. */
  readonly opening: string;
  /** Rows of text, a column an agent. */
  readonly rows: string;
  readonly conclusion: string;
}

/** A question and its answer. */
export interface ProofClaim {
  readonly number: number;
  readonly title: string;
  /** What was asked, in our own words. */
  readonly question: string;
  /** Where it was asked: comments of the thread. */
  readonly source: string;
  /** In a word or two. */
  readonly verdict: string;
  /** In a few sentences. */
  readonly answer: string;
  /** What was run for it, in one line. */
  readonly evidence: string;
  readonly tables: readonly ProofTable[];
  readonly steps: readonly ProofSteps[];
  /** What the answer does not reach. */
  readonly bounds: readonly string[];
}

/** A page of answers. */
export interface ProofDocument {
  readonly title: string;
  readonly introduction: readonly string[];
  /** What holds for all answers. */
  readonly bounds: readonly string[];
  readonly claims: readonly ProofClaim[];
  /** The command that writes the page. */
  readonly command: string;
}
