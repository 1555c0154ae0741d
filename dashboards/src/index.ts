import { cluster } from './cluster.ts';
import { hardware } from './hardware.ts';
import { instance } from './instance.ts';
import { instances } from './instances.ts';
import { maintenance } from './maintenance.ts';
import { self } from './self.ts';

/** Every dashboard by the name of its file. */
export const dashboards = { cluster, hardware, instance, instances, maintenance, self };
