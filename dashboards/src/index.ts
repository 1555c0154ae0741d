import { cluster } from './cluster.ts';
import { hardware } from './hardware.ts';
import { maintenance } from './maintenance.ts';
import { self } from './self.ts';

/** Every dashboard by the name of its file. */
export const dashboards = { cluster, hardware, maintenance, self };
