import * as Type from 'typebox';

import { RESOURCES } from '../core/model/pressure.ts';
import { WORKLOAD_KINDS } from '../core/model/workload.ts';

const Amount = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], { description: `${description}; null: not known` });

const WorkloadRow = Type.Object({
  workload: Type.Object(
    { kind: Type.Enum([...WORKLOAD_KINDS]), name: Type.String(), namespace: Type.Optional(Type.String()) },
    { additionalProperties: true, description: 'As `GET /processes` has it.' },
  ),
  processes: Type.Integer({ minimum: 1, description: 'That live in it.' }),
  cpuRatio: Amount('CPU seconds per second over the last ten seconds, also of those that have ended; 1 is one CPU'),
  memoryBytes: Amount('As its cgroup counts it, caches included'),
  memoryLimitBytes: Amount('The tightest of itself and its ancestors; null too where there is none'),
  residentBytes: Amount('Of its processes together; what they share counts for each'),
  pids: Amount('Tasks, as its cgroup counts them'),
  pidsLimit: Amount('The most that it may have; null too where there is none'),
  throttledRatio: Amount('Of the periods of its CPU quota in the last ten seconds, those in which it was held back'),
  stallCausedRatio: Amount('Task-seconds per second that other workloads waited behind it, over the last ten seconds'),
  stallSufferedRatio: Amount(
    'Task-seconds per second that it waited behind other workloads, over the last ten seconds',
  ),
});

/** The answer of `GET /workloads`. */
export const WorkloadsAnswer = Type.Object({
  total: Type.Integer({ description: 'Workloads in which something lives.' }),
  matched: Type.Integer({ description: 'Of them, those that were asked for.' }),
  workloads: Type.Array(WorkloadRow, { description: 'The most first; what is not known comes last.' }),
  next: Type.Optional(Type.String({ description: 'The `cursor` of the next page; absent at the end.' })),
  degraded: Type.Array(Type.String(), { description: 'Why less is seen than there is; empty when all is.' }),
});

const Stalled = Type.Object({
  seconds: Amount('In all, as the kernel counts it'),
  share: Amount('Of the last ten to twelve seconds'),
});
const Pressures = Type.Object(
  Object.fromEntries(
    RESOURCES.map((resource) => [
      resource,
      Type.Object({ some: Stalled, full: Stalled }, { description: '`some`: a task waited; `full`: all did.' }),
    ]),
  ),
);

/** The answer of `GET /pressure`. */
export const PressureAnswer = Type.Object({
  host: Pressures,
  matched: Type.Integer({ description: 'Workloads with figures, of those that were asked for.' }),
  workloads: Type.Array(Type.Object({ name: Type.String(), kind: Type.String(), pressures: Pressures })),
  degraded: Type.Array(Type.String(), { description: 'Why less is seen than there is; empty when all is.' }),
});
