/** The conformance suite that every strategy's package runs. */
export { CoalesceBench } from './coalesce-bench.ts';
export { testStrategy } from './test-strategy.ts';
