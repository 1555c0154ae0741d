import { cluster } from './cluster.ts';
import { self } from './self.ts';

/** Every dashboard by the name of its file. */
export const dashboards = { cluster, self };
