import { raiseNoAlarm } from '../../test/raises-no-alarm.ts';
import { CLEANS } from './cleans.ts';

raiseNoAlarm(CLEANS);
