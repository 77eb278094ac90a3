import { project } from '../../vitest.shared.ts';

export default project('upstream-6-2');
