import { holdVectors } from './hold-vectors.ts';

holdVectors('64k', 194);
