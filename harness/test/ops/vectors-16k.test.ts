import { holdVectors } from './hold-vectors.ts';

holdVectors('16k', 194);
