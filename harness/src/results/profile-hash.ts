/** A hash that tells whether two results ran on the same machine profile. */
import { createHash } from 'node:crypto';
import { COST_NAMES, type Profile } from '@s2bench/machine';

/**
 * SHA-256 of all that a simulated time depends on in a profile: features, cores and the costs' values. Name, summary,
 * sources and residuals are not in it, nor is the order of the file's keys: a better comment is not another machine.
 */
export function profileHash({ features, cores, costs }: Profile): string {
  const said = {
    fwb: features.fwb,
    rangeTlbi: features.rangeTlbi,
    cores,
    costs: COST_NAMES.map((name) => [name, costs[name].valueNs]),
  };
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}
