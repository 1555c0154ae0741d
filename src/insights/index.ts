import type { AnyInsight } from '../core/insight.ts';
import { networks, ports } from './networks.ts';

/** What rackwatch derives from the facts of several sources, one line each. */
export const insights: readonly AnyInsight[] = [networks, ports];
