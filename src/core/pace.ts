/** Time for which all long loops together may hold the event loop before others get their turn. */
const SLICE_MS = 5;

/** Loops that wait for a slice. Each turn lets one on, or several loops would make a turn as long as all their slices. */
const waiting: (() => void)[] = [];
let sliceStart = 0;

function startSlice(): void {
  sliceStart = performance.now();
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(startSlice);
}

/**
 * For long loops: `await pace()` now and then. It returns at once, and gives the event loop a turn when this loop and
 * all others have held it for a slice.
 */
export function createPacer(): () => Promise<void> | undefined {
  return () => {
    if (performance.now() - sliceStart < SLICE_MS) return undefined;
    return new Promise<void>((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(startSlice);
    });
  };
}
