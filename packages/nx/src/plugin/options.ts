/** What a workspace may say in nx.json. */
export interface Options {
  /** Command that lints the sources that are named after it. Left out: packages get no `lint`. */
  readonly lintSources?: string;
  /** Command that lints the documents that are named after it. Left out: documents are part of their packages. */
  readonly lintDocuments?: string;
}
