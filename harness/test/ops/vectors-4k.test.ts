import { holdVectors } from './hold-vectors.ts';

holdVectors('4k', 200);
