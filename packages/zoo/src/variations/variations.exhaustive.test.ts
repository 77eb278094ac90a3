import { raiseNoAlarm } from '../../test/raises-no-alarm.ts';
import { LONGER_WORLDS } from '../../test/worlds.ts';
import { VARIATIONS } from './index.ts';

raiseNoAlarm(VARIATIONS, LONGER_WORLDS);
