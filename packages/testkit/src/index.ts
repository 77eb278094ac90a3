/** The conformance suite that every strategy's package runs. */
export { CoalesceBench } from './coalesce-bench.ts';
export {
  type Aspect,
  ASPECTS,
  conformanceOf,
  type ConformanceOptions,
  type Finding,
  findingLine,
  findingsOf,
  type Note,
  noteLine,
  notesOf,
} from './conformance.ts';
export { ContractBreach } from './contract-breach.ts';
export { guardContract } from './guard-contract.ts';
export { testHook } from './test-hook.ts';
export { testStrategy } from './test-strategy.ts';
export {
  readVectors,
  VECTOR_KERNELS,
  type VectorGranule,
  type VectorKernelName,
  type VectorScript,
} from './vectors/read.ts';
