import { holdRandom } from './hold-vectors.ts';

holdRandom('4k');
holdRandom('16k');
holdRandom('64k');
