import { raiseNoAlarm } from '../../test/raises-no-alarm.ts';
import { QUICK_WORLDS } from '../../test/worlds.ts';
import { VARIATIONS } from './index.ts';

raiseNoAlarm(VARIATIONS, QUICK_WORLDS);
