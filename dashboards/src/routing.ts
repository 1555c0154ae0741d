import { defineDashboard } from './kit/dashboard.ts';
import { jobsOf } from './kit/shared.ts';
import { health } from './routing/health.ts';
import { liveness } from './routing/liveness.ts';
import { auditing, routes } from './routing/routes.ts';
import { sessions } from './routing/sessions.ts';

/** FRR. */
export const routing = defineDashboard({
  uid: 'rackwatch-routing',
  title: 'Routing',
  description: 'BGP, BFD and VRRP of every router, and whether the tables hold what they should.',
  variables: [
    jobsOf('frr_status_up'),
    { name: 'router', label: 'Router', values: 'label_values(frr_status_up{job=~"$job"}, router)', many: true },
  ],
  rows: [health, auditing, sessions, liveness, routes],
});
