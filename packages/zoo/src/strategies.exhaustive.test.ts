import { judgeShipped } from '../test/shipped.ts';
import { LONGER_WORLDS, REAL_TABLE } from '../test/worlds.ts';

judgeShipped([...REAL_TABLE, ...LONGER_WORLDS]);
