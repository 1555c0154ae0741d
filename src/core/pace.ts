/** Time one piece of work may hold the event loop before others get their turn. */
const SLICE_MS = 8;

/**
 * For long loops: `await pace()` now and then. It returns at once, and gives the event loop a turn when the work has
 * held it for a slice.
 */
export function createPacer(now: () => number = () => performance.now()): () => Promise<void> | undefined {
  let since = now();
  return () => {
    if (now() - since < SLICE_MS) return undefined;
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        since = now();
        resolve();
      });
    });
  };
}
