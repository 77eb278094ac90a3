import { holdNamed } from './hold-vectors.ts';

holdNamed('4k', 50, 200);
holdNamed('16k', 44, 194);
holdNamed('64k', 44, 194);
