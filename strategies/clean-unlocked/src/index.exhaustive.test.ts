import { testStrategy } from '@s2bench/testkit';
import strategy from './index.ts';

testStrategy(strategy, { worlds: 'all' });
