import { raiseNoAlarm } from '../../test/raises-no-alarm.ts';
import { BARRIERS } from './barriers.ts';

raiseNoAlarm(BARRIERS);
