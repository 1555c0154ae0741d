import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * Default metrics of prom-client that are not shown: to collect them takes more than half of the time of all, and they
 * tell little. Node counts its sampling interval into the lag of the event loop, so an idle process shows all of that as
 * lag; the active handles and requests come from an interface that Node has deprecated; the spaces of the heap are 27
 * series, where size and use of the whole are there already.
 */
const leftOut = /^nodejs_(eventloop_lag|active|heap_space)_/;

/** An hour. What watches the event loop cannot be left out, only be made to wake an idle process no more. */
const NEVER_MS = 3_600_000;

/** A registry with the metrics of this process: CPU, memory, file descriptors, heap, garbage collection. */
export function createProcessRegistry(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: NEVER_MS });
  for (const { name } of register.getMetricsAsArray()) if (leftOut.test(name)) register.removeSingleMetric(name);
  return register;
}
