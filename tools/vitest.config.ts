import { mergeConfig } from 'vitest/config';
import { project } from '../vitest.shared.ts';

export default mergeConfig(project('tools'), { test: { include: ['*.test.ts', 'mutation/*.test.ts'] } });
