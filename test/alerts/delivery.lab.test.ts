import { describeLab } from '../labs/lab.ts';
import { proveDelivery } from './delivery.ts';

describeLab('alertmanager', () => proveDelivery('alertmanager'));
