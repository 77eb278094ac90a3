import { raiseNoAlarm } from '../../test/raises-no-alarm.ts';
import { isQuickInRealTable } from '../../test/variations.ts';
import { QUICK_WORLDS, REAL_TABLE } from '../../test/worlds.ts';
import { VARIATIONS } from './index.ts';

raiseNoAlarm(VARIATIONS, QUICK_WORLDS);
raiseNoAlarm(VARIATIONS.filter(isQuickInRealTable), REAL_TABLE);
