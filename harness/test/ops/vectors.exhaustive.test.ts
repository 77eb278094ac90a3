import { holdNamed, holdRandom } from './hold-vectors.ts';
import { LATER_KERNELS, VECTOR_KERNELS } from './vectors.ts';

const KERNELS = [...VECTOR_KERNELS, ...LATER_KERNELS];

holdRandom('4k', KERNELS);
holdNamed('16k', 44, 194, KERNELS);
// Some minutes more: other page sizes change numbers of entries.
if (process.env['S2BENCH_LONG'] === '1') {
  holdNamed('64k', 44, 194, KERNELS);
  holdNamed('4k', 50, 200, KERNELS);
  holdRandom('16k', KERNELS);
  holdRandom('64k', KERNELS);
}
