import type { HostEvent } from '../../model/event.ts';
import type { LeakOptions } from './options.ts';
import { LeakSeries } from './series.ts';

/** The memory of the host that is taken: files that can be given back are not. Swap is memory, only slower. */
export class HostMemory {
  readonly series: LeakSeries;
  #swapBytes = 0;

  constructor(options: LeakOptions) {
    this.series = new LeakSeries(Number.NEGATIVE_INFINITY, options);
  }

  observe({ at, memoryTotalBytes, memoryAvailableBytes, swapFreeBytes }: HostEvent): void {
    const swapFree = swapFreeBytes || 0;
    // How much swap there is, nobody tells: as much as was ever free.
    this.#swapBytes = Math.max(this.#swapBytes, swapFree);
    const limitBytes = memoryTotalBytes + this.#swapBytes;
    this.series.observe(at, limitBytes - memoryAvailableBytes - swapFree, limitBytes);
  }
}
