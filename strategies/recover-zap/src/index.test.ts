import { testHook } from '@s2bench/testkit';
import strategy from './index.ts';

testHook(strategy, { worlds: ['full-table'] });
