/** A program whose memory was recorded, and what is true of it. */
export interface Allocator {
  readonly name: string;
  readonly runtime: 'c' | 'node' | 'python3' | 'java';
  readonly file: string;
  readonly args: readonly string[];
  readonly isLeak: boolean;
  /** As of a container that it would run in. */
  readonly limitBytes: number;
}

const MIB = 1 << 20;

export const ALLOCATORS: readonly Allocator[] = [
  { name: 'C malloc leak', runtime: 'c', file: 'malloc', args: ['leak'], isLeak: true, limitBytes: 256 * MIB },
  { name: 'C batches', runtime: 'c', file: 'malloc', args: ['batch'], isLeak: false, limitBytes: 256 * MIB },
  { name: 'Node leak', runtime: 'node', file: 'node.ts', args: ['leak'], isLeak: true, limitBytes: 192 * MIB },
  { name: 'Node garbage', runtime: 'node', file: 'node.ts', args: ['garbage'], isLeak: false, limitBytes: 256 * MIB },
  { name: 'Node cache', runtime: 'node', file: 'node.ts', args: ['cache'], isLeak: false, limitBytes: 512 * MIB },
  { name: 'Python leak', runtime: 'python3', file: 'python.py', args: ['leak'], isLeak: true, limitBytes: 256 * MIB },
  {
    name: 'Python cache',
    runtime: 'python3',
    file: 'python.py',
    args: ['cache'],
    isLeak: false,
    limitBytes: 512 * MIB,
  },
  { name: 'JVM leak', runtime: 'java', file: 'Heap.java', args: ['leak'], isLeak: true, limitBytes: 512 * MIB },
  { name: 'JVM garbage', runtime: 'java', file: 'Heap.java', args: ['garbage'], isLeak: false, limitBytes: 512 * MIB },
];
