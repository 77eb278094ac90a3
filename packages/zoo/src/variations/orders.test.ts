import { raiseNoAlarm } from '../../test/raises-no-alarm.ts';
import { ORDERS } from './orders.ts';

raiseNoAlarm(ORDERS);
