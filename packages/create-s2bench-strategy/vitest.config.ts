import { project } from '../../vitest.shared.ts';

export default project('create-s2bench-strategy');
