import * as Type from 'typebox';

import { DetectorsSchema } from './detectors-schema.ts';
import { GroupRule } from './group-rule.ts';
import { BlameSchema, KernelSchema, LimitsSchema, RootsSchema } from './host-schema.ts';
import { OtlpSchema } from './otlp-schema.ts';
import { StoreSchema } from './store-schema.ts';
import { RecordMebibytes, RecordPath, StreamSchema } from './stream-schema.ts';
import { WorkloadsSchema } from './workloads-schema.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/**
 * Every key there is, with its type, bounds, default and description.
 *
 * Types, validation, environment variables, flags, help, the editor's schema and the documentation are derived from this one
 * value. A key without a default must be given.
 */
export const ConfigSchema = Type.Object(
  {
    listen: Type.String({
      default: '127.0.0.1:9464',
      format: 'listen-address',
      description:
        'Address and port to answer HTTP on: "127.0.0.1:9464", "[::1]:9464", or ":9464" for every address. Port 0 takes a free one. On an address that others can reach, only /metrics and health are served.',
    }),
    mode: Type.Enum(['auto', 'bpf', 'procfs'], {
      default: 'auto',
      description:
        'Where events come from: eBPF probes (bpf, which does not start where none can be loaded), only /proc and cgroup files (procfs), or probes where they can be loaded and /proc where not (auto). With probes, be it by bpf or auto, /-/ready is 503 while a required one is missing: on_fork, on_exec, on_exit, on_reap or snapshot. From /proc it is 200, and says what is not seen.',
    }),
    log: Type.Object(
      {
        level: Type.Enum(LOG_LEVELS, { default: 'info', description: 'The least severe message that is written.' }),
        format: Type.Enum(['auto', 'json', 'pretty'], {
          default: 'auto',
          description: 'One JSON object a line, or text for people; auto is text on a terminal.',
        }),
      },
      { additionalProperties: false },
    ),
    roots: RootsSchema,
    kernel: KernelSchema,
    groups: Type.Array(GroupRule, {
      default: [],
      maxItems: 500,
      description:
        'Rules that name groups of processes; the first that matches wins. The rest are named by executable.',
    }),
    limits: LimitsSchema,
    blame: BlameSchema,
    detectors: DetectorsSchema,
    workloads: WorkloadsSchema,
    scrape: Type.Object(
      {
        minAgeMilliseconds: Type.Integer({
          default: 250,
          minimum: 0,
          maximum: 60_000,
          description: 'Scrapes closer together than this share one page.',
        }),
      },
      { additionalProperties: false },
    ),
    store: StoreSchema,
    stream: StreamSchema,
    record: RecordPath,
    recordMebibytes: RecordMebibytes,
    otlp: OtlpSchema,
    resourceAttributes: Type.Record(Type.String(), Type.String({ maxLength: 1024 }), {
      default: {},
      description:
        'OpenTelemetry resource attributes to add, such as deployment.environment.name; in OTLP and in target_info.',
    }),
  },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Culprit configuration',
    additionalProperties: false,
  },
);

type DeepReadonly<Value> = Value extends object ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> } : Value;

/** A whole configuration: every key present, deep-frozen. */
export type Config = DeepReadonly<Type.Static<typeof ConfigSchema>>;
