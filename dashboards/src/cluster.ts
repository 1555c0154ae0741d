import { health } from './cluster/health.ts';
import { load } from './cluster/load.ts';
import { outlook } from './cluster/outlook.ts';
import { present } from './cluster/present.ts';
import { defineDashboard } from './kit/dashboard.ts';
import { jobsOf, membersOf } from './kit/shared.ts';

/** One screen: is it fine, and what would break next. */
export const cluster = defineDashboard({
  uid: 'rackwatch-cluster',
  title: 'Cluster',
  description: 'Is it fine, and what would break next? Everything at one look, the worst first.',
  variables: [jobsOf('rackwatch_member_maintenance'), membersOf('rackwatch_member_maintenance')],
  runbooks: true,
  rows: [health, outlook, present, load],
});
