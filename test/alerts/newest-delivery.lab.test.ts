import { describeLab } from '../labs/lab.ts';
import { proveDelivery } from './delivery.ts';

describeLab('newest alertmanager', () => proveDelivery('newest alertmanager'));
