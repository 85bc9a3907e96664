export { BatchReader } from './batch.ts';
export { Btf, type BtfKind, type BtfType, type VariablePlace } from './btf.ts';
export {
  CAPABILITIES,
  type Capability,
  dropCapabilities,
  effectiveCapabilities,
  leaveRoot,
  type ThreadCapabilities,
  threadCapabilities,
} from './capabilities.ts';
export { check, errnoName, KernelError, type KernelErrorDetails } from './error.ts';
export { IteratorReader } from './iterator.ts';
export { hasKernelBtf, kernelBtf, tracepointArguments } from './kernel-btf.ts';
export { btfOfObject, type Layout, layoutOf, type Member } from './layout.ts';
export { pageSizeBytes } from './libc.ts';
export { type Libbpf, libbpf, openLibbpf } from './library.ts';
export { BpfLink } from './link.ts';
export { loadWhatWorks, type WhatWorks } from './load-what-works.ts';
export { BpfMap, perCpuStride, possibleCpus, type Write } from './map.ts';
export { BpfObject, type ObjectState } from './object.ts';
export { BpfProgram, type ProgramDescription, type ProgramStatistics } from './program.ts';
export { RingReader } from './ring.ts';
export { RunStatistics } from './run-statistics.ts';
export { readU64 } from './u64.ts';
export { BpfVariable, type VariableValue } from './variable.ts';
