import * as Type from 'typebox';

import { EXIT_REASONS, TASK_STATES } from '../core/model/process.ts';
import { WorkloadAnswer } from './workload-schema.ts';

const Known = <Schema extends Type.TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description: `${description}; null: not known` });
const Amount = (description: string) => Known(Type.Number(), description);

export const PID_MAX = 4_194_304;

export const Identity = {
  pid: Type.Integer({ minimum: 1, description: 'In the initial pid namespace.' }),
  startedNs: Type.Number({
    description: 'Nanoseconds of uptime at its start. With the pid, the identity of a process.',
  }),
};

export const row = {
  ...Identity,
  startedAt: Type.String({ format: 'date-time', description: 'The same for people, as exact as the wall clock.' }),
  ageSeconds: Type.Number({ minimum: 0, description: 'Since then.' }),
  comm: Type.String(),
  exe: Type.String({ description: 'Base name of the file that runs; empty where it is not known.' }),
  argv: Type.Array(Type.String(), {
    description:
      'The beginning of its command line: base name of the program, names of flags, values of flags that are known to be harmless; all else is `<redacted:length>`. Empty where it ran before Culprit did.',
  }),
  uid: Type.Integer(),
  user: Known(Type.String(), "By the host's /etc/passwd"),
  group: Known(Type.String(), 'What it is an instance of'),
  workload: Known(WorkloadAnswer, 'Where it lives'),
  state: Type.Enum([...TASK_STATES]),
  isKernelThread: Type.Boolean(),
  parent: Known(Type.Object(Identity), 'Who begat it, living or not'),
  threads: Amount('How many'),
  cpuRatio: Amount('CPU seconds per second over the last five to ten seconds; 1 is one CPU'),
  cpuSeconds: Amount('Since it started'),
  residentBytes: Amount('Anonymous, file and shared memory that is in RAM'),
  anonymousBytes: Amount('Of that, what is no file'),
  swapBytes: Amount('What was swapped out'),
  growthBytesPerSecond: Amount('Over the last minute, of memory that is no cache of a file'),
  openFds: Amount('Open descriptors'),
  fdLimit: Amount('Soft limit of open descriptors; null too where there is none'),
  forksPerSecond: Amount('Processes that it begat over the last five to ten seconds'),
  stallRatio: Amount(
    'Task-seconds per second that tasks of other workloads waited behind it, over the last ten seconds; 0 too where it is not among the heaviest of its workload',
  ),
};

export const ProcessRow = Type.Object(row);

/** The answer of `GET /processes`. */
export const ProcessesAnswer = Type.Object({
  total: Type.Integer({ description: 'Processes that live.' }),
  matched: Type.Integer({ description: 'Of them, those that were asked for.' }),
  processes: Type.Array(ProcessRow, { description: 'The most first; what is not known comes last.' }),
  next: Type.Optional(Type.String({ description: 'The `cursor` of the next page; absent at the end.' })),
  degraded: Type.Array(Type.String(), { description: 'Why less is seen than there is; empty when all is.' }),
});
export type ProcessesAnswer = Type.Static<typeof ProcessesAnswer>;

/** The answer of `GET /processes/{pid}`. */
export const ProcessAnswer = Type.Object({
  ...row,
  waiter: Known(Type.Object(Identity), 'Who waits for it now; not who begat it, if that one ended'),
  children: Type.Integer({ description: 'Living processes that it begat.' }),
  residentPeakBytes: Amount('The most that it ever had in RAM'),
  readBytes: Amount('From storage, since it started'),
  writeBytes: Amount('To storage, since it started'),
  majorFaults: Amount('Since it started'),
  oomScoreAdj: Amount('How the OOM killer is told to weigh it'),
  pidNamespace: Amount('Inode of its pid namespace'),
  ended: Type.Union(
    [
      Type.Object({
        at: Type.String({ format: 'date-time' }),
        reason: Known(Type.Enum([...EXIT_REASONS]), 'How'),
        exitCode: Known(Type.Integer(), 'Where it exited by itself'),
        signal: Known(Type.Integer(), 'Where a signal ended it'),
      }),
      Type.Null(),
    ],
    { description: 'null while it lives.' },
  ),
});
export type ProcessAnswer = Type.Static<typeof ProcessAnswer>;
