import { type Codec, flag, list, membersOf, number, object, refuse, text } from './codec.ts';

/** A rule of the configuration's `groups`, as it was written there. */
export interface RecordedRule {
  readonly name: string;
  readonly comm?: string;
  readonly exe?: string;
  readonly argv?: string;
  readonly cgroup?: string;
  readonly parent?: string;
}

/** What incidents depend on, beside the events. */
export interface RecordedDetection {
  /** Of the host. */
  readonly cpus: number;
  /** `detectors` of the configuration, whole: defaults may be others one day. */
  readonly settings: object;
}

/** The first line: where and when, and all that the engine was made with. */
export interface Header {
  /** Of the format. */
  readonly version: number;
  /** Version of the Culprit that recorded it. */
  readonly culprit: string;
  readonly host: string;
  readonly kernelRelease: string;
  /** Unix time of the first event, in milliseconds, less the event's own clock: added to an event's `at` it is Unix time. */
  readonly wallOffsetMs: number;
  readonly mode: string;
  readonly senses: { readonly lifecycle: boolean; readonly counts: boolean; readonly fds: boolean };
  readonly limits: {
    readonly groups: number;
    readonly workloads: number;
    readonly series: number;
    readonly processes: number;
    readonly retentionMinutes: number;
  };
  readonly rules: readonly RecordedRule[];
  /** Undefined in a recording from before there was this. */
  readonly detection: RecordedDetection | undefined;
}

/** Grows when what is written can't be read by who knows only the version before. */
export const FORMAT_VERSION = 2;
/** What makes a file one of ours. */
const FORMAT = 'culprit-recording';

const PATTERNS = ['comm', 'exe', 'argv', 'cgroup', 'parent'] as const;

export const rule: Codec<RecordedRule> = {
  write: ({ name, comm, exe, argv, cgroup, parent }) => JSON.stringify({ name, comm, exe, argv, cgroup, parent }),
  read(json) {
    const found = membersOf(json);
    const patterns = PATTERNS.filter((name) => found[name] !== undefined);
    return {
      name: text.read(found.name),
      ...Object.fromEntries(patterns.map((name) => [name, text.read(found[name])])),
    };
  },
};

/** What is in it, the configuration's schema knows. */
export const settings: Codec<object> = { write: (value) => JSON.stringify(value), read: membersOf };

const known = object<RecordedDetection>({ cpus: number, settings });
const detection: Codec<RecordedDetection | undefined> = {
  write: (value) => (value === undefined ? 'null' : known.write(value)),
  read: (json) => (json === undefined || json === null ? undefined : known.read(json)),
};

const codec = object<Omit<Header, 'version'>>({
  culprit: text,
  host: text,
  kernelRelease: text,
  wallOffsetMs: number,
  mode: text,
  senses: object({ lifecycle: flag, counts: flag, fds: flag }),
  limits: object({ groups: number, workloads: number, series: number, processes: number, retentionMinutes: number }),
  rules: list(rule),
  detection,
});

/** One line without its end. */
export function writeHeader(header: Omit<Header, 'version'>): string {
  return `{"format":"${FORMAT}","version":${FORMAT_VERSION},${codec.write(header).slice(1)}`;
}

/** Throws an `Error` that says what is wrong with it. */
export function readHeader(json: unknown): Header {
  const { format, version } = membersOf(json);
  if (format !== FORMAT) refuse(`the format ${FORMAT}`, format);
  const found = number.read(version);
  if (!(found >= 1 && found <= FORMAT_VERSION))
    throw new Error(`it has version ${found} of the format, and this Culprit reads versions 1 to ${FORMAT_VERSION}`);
  return { version: found, ...codec.read(json) };
}
