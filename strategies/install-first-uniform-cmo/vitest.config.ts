import { project } from '../../vitest.shared.ts';

export default project('install-first-uniform-cmo');
