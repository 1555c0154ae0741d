/** CPU milliseconds of this process, all of its threads, in user and kernel mode, since `process.cpuUsage()` gave this. */
export function cpuMsSince(before) {
  const { system, user } = process.cpuUsage(before);
  return (system + user) / 1000;
}

/** CPU milliseconds that this process takes until `work` is done. */
export async function cpuMsFor(work) {
  const before = process.cpuUsage();
  await work();
  return cpuMsSince(before);
}

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
