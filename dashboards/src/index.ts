import { cluster } from './cluster.ts';
import { hardware } from './hardware.ts';
import { instance } from './instance.ts';
import { instances } from './instances.ts';
import { maintenance } from './maintenance.ts';
import { network } from './network.ts';
import { routing } from './routing.ts';
import { self } from './self.ts';
import { storage } from './storage.ts';

/** Every dashboard by the name of its file. */
export const dashboards = { cluster, hardware, instance, instances, maintenance, network, routing, self, storage };
