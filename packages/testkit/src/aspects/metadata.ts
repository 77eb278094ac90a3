/** What a strategy says of itself. */
import { type Strategy, strategyMetadataSchema } from '@s2bench/core';
import { RULE_NAMES } from '@s2bench/verify';
import type { Finding } from '../finding.ts';

/** Name, summary, source and version as the schema wants them; rules that there are. */
export function checkMetadata(strategy: Strategy): Finding[] {
  // Options follow the name; they are the user's, and were checked by their own schema.
  const [name = ''] = strategy.name.split('?');
  const issues = strategyMetadataSchema.safeParse({ ...strategy, name }).error?.issues ?? [];
  const findings = issues.map((issue): Finding => ({
    aspect: 'metadata',
    rule: 'metadata',
    message: `${issue.path.join('.')}: ${issue.message}`,
  }));
  const expected = Array.isArray(strategy.expects) ? (strategy.expects as readonly string[]) : [];
  for (const rule of expected) {
    if ((RULE_NAMES as readonly string[]).includes(rule)) continue;
    findings.push({
      aspect: 'metadata',
      rule: 'metadata',
      message: `expects: there is no rule ${rule}; the rules are ${RULE_NAMES.join(', ')}`,
    });
  }
  return findings;
}
