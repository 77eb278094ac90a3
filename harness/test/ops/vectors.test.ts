import { holdNamed } from './hold-vectors.ts';
import { LATER_KERNELS, VECTOR_KERNELS } from './vectors.ts';

holdNamed('4k', 50, 200, [...VECTOR_KERNELS, ...LATER_KERNELS.slice(-1)]);
holdNamed('16k', 44, 194);
holdNamed('64k', 44, 194);
