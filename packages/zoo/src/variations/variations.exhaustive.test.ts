import { raiseNoAlarm } from '../../test/raises-no-alarm.ts';
import { isQuickInRealTable } from '../../test/variations.ts';
import { LONGER_WORLDS, REAL_TABLE } from '../../test/worlds.ts';
import { VARIATIONS } from './index.ts';

raiseNoAlarm(VARIATIONS, LONGER_WORLDS);
raiseNoAlarm(
  VARIATIONS.filter((variation) => !isQuickInRealTable(variation)),
  REAL_TABLE,
);
