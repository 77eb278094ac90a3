import { judgeShipped } from '../test/shipped.ts';
import { LONGER_WORLDS } from '../test/worlds.ts';

judgeShipped(LONGER_WORLDS);
