import { expect, it } from 'vitest';
import { readReadme, withTables } from '../test/readme.ts';

it('README.md lists what lives here; if not: npm run readme -w packages/zoo', () => {
  const readme = readReadme();
  expect(readme).toBe(withTables(readme));
});
