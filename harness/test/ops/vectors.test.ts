import { holdNamed } from './hold-vectors.ts';
import { LATER_KERNELS, VECTOR_KERNELS } from './vectors.ts';

// One of each walker; the others are held with `npm run test:exhaustive`, and by the kernel's own tests.
holdNamed('4k', 50, 200, [...VECTOR_KERNELS.slice(-1), ...LATER_KERNELS.slice(-1)]);
