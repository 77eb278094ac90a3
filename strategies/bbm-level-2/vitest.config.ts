import { project } from '../../vitest.shared.ts';

export default project('bbm-level-2');
