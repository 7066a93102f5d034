import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** What is live when the old generation is collected may grow by this share before it is again; V8 itself waits until it is several times as much. */
const growthPercent = 50;
/** The young generation grows by this once: to four MiB a half. */
const youngGrowth = 4;
/** Both halves. */
const youngBytesMax = 2 * 4 * 1_048_576;

/**
 * Keeps the heaps of a server's threads small: under full load it takes half the memory, for hardly any CPU (docs/benchmarks.md). V8 reads these flags at each
 * collection, so that it does not matter how the program was started.
 */
export function boundHeaps(): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  // By two MiB at least where it were eight, which of the store's threads is as much as is live.
  setFlagsFromString('--memory-saver-mode');
  // With other work on the processors, the threads that help are waited for longer than they save.
  setFlagsFromString('--no-parallel-scavenge');
  let growth = youngGrowth;
  setFlagsFromString(`--semi-space-growth-factor=${growth}`);
  const observer = new PerformanceObserver(() => {
    const wanted = youngBytes() < youngBytesMax ? youngGrowth : 1;
    if (wanted === growth) return;
    growth = wanted;
    setFlagsFromString(`--semi-space-growth-factor=${growth}`);
  });
  observer.observe({ entryTypes: ['gc'] });
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
