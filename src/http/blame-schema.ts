import * as Type from 'typebox';

import { BASES, CAUSES, STALL_RESOURCES } from '../core/model/stall.ts';
import { WorkloadAnswer } from './workload-schema.ts';

export const WINDOW_MS = { min: 2_000, max: 60_000, default: 30_000 } as const;
export const BY = ['workload', 'pod'] as const;

const Name = (description: string) => Type.Optional(Type.String({ description }));
const OneOf = (choices: readonly string[], description: string) => Type.Enum([...choices], { description });
const Seconds = (description: string) => Type.Number({ minimum: 0, description });
const Ratio = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const Known = (description: string) =>
  Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
    description: `${description}; null: not known`,
  });

/** The parameters of `GET /blame`. */
export const BlameParameters = Type.Object({
  window: Type.Optional(
    Type.String({
      default: '30s',
      description: 'How far to look back, in steps of two seconds: `10s`, `60s`, or plain seconds; 2 s to 60 s.',
    }),
  ),
  victim: Name('Only who waited under this name.'),
  offender: Name('Only what waited behind this name; the whole wait of each victim stays what it is.'),
  resource: Type.Optional(OneOf(STALL_RESOURCES, 'Only waits for this.')),
  by: Type.Optional(
    Type.Enum([...BY], {
      default: 'workload',
      description: '`pod`: containers of one Kubernetes pod are one victim, and one offender.',
    }),
  ),
});

const Process = Type.Object({
  pid: Type.Integer(),
  comm: Type.String({ description: 'Empty when nobody told before it was gone.' }),
  exe: Type.String({ description: 'Base name of the file that runs.' }),
  seconds: Seconds('Task-seconds that the victim waited behind it.'),
  share: Ratio('Of the part of its offender.'),
});

const Part = Type.Object({
  offender: Type.String({ description: 'A workload, a pod, `kernel:` and its work, `~other`, or empty: nobody.' }),
  workload: Type.Optional(WorkloadAnswer),
  cause: OneOf(CAUSES, 'Why it waited.'),
  basis: OneOf(
    BASES,
    'measured: adds up to what the kernel counted; inferred: a share of it, split by something else.',
  ),
  seconds: Seconds('Task-seconds.'),
  share: Ratio("Of the victim's whole wait for the resource."),
  excessShare: Known(
    'Of the CPU that the offender used in the window, the part above its fair share by weight; 0.5: twice what it was due',
  ),
  processes: Type.Array(Process, { description: 'The heaviest of the offender, heaviest first; not always all.' }),
});

const Victim = Type.Object({
  victim: WorkloadAnswer,
  resource: OneOf(STALL_RESOURCES, 'What it waited for.'),
  seconds: Seconds('Task-seconds: two tasks that wait for a second make two.'),
  verdict: Type.String({
    description:
      'The cause of the largest part, if that is a fifth of the wait; of equals the first of throttle, self, hypervisor, irq, kernel, neighbour, idle. ' +
      'neighbour only where one neighbour has a fifth and 100 ms in 10 s, else crowd. none: less than 100 ms in 10 s. unknown: half was not seen, or nothing has a fifth.',
  }),
  confidence: OneOf(
    ['high', 'medium', 'low'],
    'By the remainder: high up to 2 % of the wait, if no part is inferred; medium up to 20 %; else low.',
  ),
  parts: Type.Array(Part, { description: 'Heaviest first. With the remainder they add up to the whole.' }),
  remainder: Type.Object(
    { seconds: Seconds('Task-seconds.'), share: Ratio('Of the whole wait.') },
    {
      description:
        'What could not be seen (unobserved) or went beyond what is remembered (truncated). Nobody is charged with it.',
    },
  ),
  longest: Type.Optional(
    Type.Array(
      Type.Object({
        pid: Type.Integer(),
        name: Type.String({ description: 'Of the process; empty where it is not known.' }),
        seconds: Seconds('How long it waited.'),
        isOver: Type.Boolean({ description: 'False while it still goes on.' }),
        behind: Type.String({ description: 'Who held the CPU for most of it, or holds it now.' }),
      }),
      {
        description:
          'Single waits for a CPU of more than 50 ms in the last minute, longest first; absent where there is none.',
      },
    ),
  ),
});

/** The answer of `GET /blame`. */
export const BlameAnswer = Type.Object({
  window: Type.Object({
    asked: Seconds('As asked for.'),
    covered: Seconds('How much of it was watched: all sums are over this.'),
  }),
  coverage: Known('Of the context switches in the window, how many were seen'),
  degraded: Type.Array(Type.String(), { description: 'Why less is seen than there is; empty when all is.' }),
  victims: Type.Array(Victim, { description: 'Who waited longest first.' }),
});
export type BlameAnswer = Type.Static<typeof BlameAnswer>;
