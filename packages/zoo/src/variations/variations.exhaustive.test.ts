import { raiseNoAlarm } from '../../test/raises-no-alarm.ts';
import { VARIATION_WORLDS } from '../../test/worlds.ts';
import { VARIATIONS } from './index.ts';

raiseNoAlarm(VARIATIONS, VARIATION_WORLDS);
