/** What is wrong where a plugin leaves the contract. */

/** A strategy has done what the contract does not allow. The message is one line. */
export class ContractBreach extends Error {
  override readonly name = 'ContractBreach';
  readonly visitor: string;

  constructor(visitor: string, what: string) {
    super(`${visitor} ${what}`);
    this.visitor = visitor;
  }
}
