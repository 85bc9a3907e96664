import * as Type from 'typebox';

const MEBIBYTE = 1 << 20;
const RING_SIZES = Array.from({ length: 13 }, (_, power) => 65_536 * 2 ** power);

export const RootsSchema = Type.Object(
  {
    proc: Type.String({ default: '/proc', format: 'absolute-path', description: "The host's procfs." }),
    sys: Type.String({ default: '/sys', format: 'absolute-path', description: "The host's sysfs." }),
    cgroup: Type.String({
      default: '',
      format: 'absolute-path-or-empty',
      description: 'The mount of the cgroup v2 hierarchy; empty finds it.',
    }),
    host: Type.String({
      default: '',
      format: 'absolute-path-or-empty',
      description: "The host's root directory, where machine-id and os-release are read; empty is /.",
    }),
  },
  { additionalProperties: false },
);

export const KernelSchema = Type.Object(
  {
    ringBytes: Type.Unsafe<number>({
      type: 'integer',
      enum: RING_SIZES,
      default: 4 * MEBIBYTE,
      description: 'Size of the ring buffer between the probes and Culprit; a power of two.',
    }),
    drainHz: Type.Number({
      default: 10,
      minimum: 1,
      maximum: 1_000,
      description:
        'How often a second the ring is drained while events come; rarer on a quiet host, and more often when it fills up.',
    }),
    snapshotSeconds: Type.Number({
      default: 1,
      minimum: 0.5,
      maximum: 300,
      description: 'Time between snapshots of all processes; longer by itself where a snapshot is dear.',
    }),
    cgroupSeconds: Type.Number({
      default: 5,
      minimum: 1,
      maximum: 300,
      description: 'Time between readings of the cgroup files; longer by itself where there are many.',
    }),
    pressureSeconds: Type.Number({
      default: 1,
      minimum: 0.5,
      maximum: 300,
      description: "Time between readings of the host's pressure files, which the kernel refreshes every 2 s.",
    }),
    stepDownPercent: Type.Number({
      default: 0.8,
      minimum: 0.1,
      maximum: 100,
      description:
        'Share of one CPU above which, for 20 s, Culprit gives up a level of what is optional; it comes back after a minute below five eighths of this.',
    }),
    stopPercent: Type.Number({
      default: 1.5,
      minimum: 0.1,
      maximum: 100,
      description: 'Share of one CPU above which, in 10 s, Culprit gives up all that is optional at once.',
    }),
    objectPath: Type.String({
      default: '',
      format: 'absolute-path-or-empty',
      description: 'The compiled probes; empty takes those that came with Culprit.',
    }),
  },
  { additionalProperties: false },
);

export const LimitsSchema = Type.Object(
  {
    groups: count(500, 1, 100_000, 'Groups kept; over it, the least active fold into ~other.'),
    workloads: count(1_000, 1, 100_000, 'Workloads kept; over it, the least active fold into ~other.'),
    series: count(
      20_000,
      100,
      1_000_000,
      'Rows of group and workload kept; over it, the least active fold into ~other.',
    ),
    processes: count(65_536, 1_024, 4_194_304, 'Live processes remembered.'),
    retentionMinutes: Type.Number({
      default: 10,
      minimum: 1,
      maximum: 1_440,
      description: 'How long a group or a workload is exported after its last process ended.',
    }),
  },
  { additionalProperties: false },
);

export const BlameSchema = Type.Object(
  {
    io: Type.Enum(['auto', 'on', 'off'], {
      default: 'auto',
      description:
        'Whether to tell whose requests to block devices made whose wait: always, never, or while tasks of this host wait for them more than 5 % of the time (auto).',
    }),
  },
  { additionalProperties: false },
);

function count(initial: number, minimum: number, maximum: number, description: string) {
  return Type.Integer({ default: initial, minimum, maximum, description });
}
