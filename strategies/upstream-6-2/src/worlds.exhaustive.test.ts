/** Small worlds that take longer than those of index.test.ts. */
import { testStrategy } from '@s2bench/testkit';
import strategy from './index.ts';

testStrategy(strategy, { worlds: ['partial-unmap', 'three-levels'] });
