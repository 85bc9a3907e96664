import * as Type from 'typebox';
import type { Option } from '../core/detect/contract.ts';
import { DETECTORS } from '../core/detect/index.ts';
import { BUILDERS, LAUNCHERS } from '../core/detect/trades.ts';
import { regularExpression } from './group-rule.ts';

/** What an operator may say of one detector. */
interface DetectorConfig {
  readonly enabled: boolean;
  readonly [option: string]: number | boolean;
}

export const DETECTOR_IDS: readonly string[] = DETECTORS.map(({ id }) => id);

/** Who is to blame: all that is given must match. */
const SelectorSchema = Type.Object(
  {
    detector: Type.Optional(Type.Enum([...DETECTOR_IDS], { description: 'Only findings of this detector.' })),
    namespace: Type.Optional(regularExpression("the workload's namespace in Kubernetes, where it is known")),
    workload: Type.Optional(regularExpression("the workload's name")),
    group: Type.Optional(regularExpression("the group's name")),
    uid: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: 'The user, by number.' })),
  },
  { additionalProperties: false, minProperties: 1 },
);

type SelectorConfig = Readonly<Type.Static<typeof SelectorSchema>>;

interface DetectorsConfig {
  readonly clearSeconds: number;
  readonly builders: readonly string[];
  readonly launchers: readonly string[];
  readonly include: readonly SelectorConfig[];
  readonly exclude: readonly SelectorConfig[];
}

/** `fork-storm` is `forkStorm` here, as keys are. */
export function keyOfDetector(id: string): string {
  return id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Made from the detectors themselves. */
export const DetectorsSchema = Type.Unsafe<DetectorsConfig>(
  Type.Object(
    {
      clearSeconds: Type.Number({
        default: 60,
        minimum: 1,
        maximum: 86_400,
        description: 'An incident is resolved when what it is about was below 70 % of its threshold for so long.',
      }),
      builders: names(
        BUILDERS,
        'Programs whose trade is to have many children, such as build tools and package managers: no storm, churn or loop is told of them, nor of what works for them; but of what they only start, as `npm start` and `uv run` do, it is.',
      ),
      launchers: names(
        LAUNCHERS,
        'Programs that start the jobs of others: their own forks are no storm. What the jobs do is told.',
      ),
      include: selectors('What to tell of, by who is to blame; everything, if this is empty.'),
      exclude: selectors('What not to tell of, by who is to blame.'),
      ...Object.fromEntries(
        DETECTORS.map(({ id, title, options }) => [
          keyOfDetector(id),
          Type.Object(
            {
              enabled: Type.Boolean({ default: true, description: `Whether to look for it: ${title.toLowerCase()}.` }),
              ...Object.fromEntries(Object.entries(options).map(([name, option]) => [name, numberOf(option)])),
            },
            { additionalProperties: false },
          ),
        ]),
      ),
    },
    { additionalProperties: false },
  ),
);

/** By id of the detector. The schema has checked that they are what it says. */
export function detectorSettings(
  detectors: DetectorsConfig,
): Record<string, { readonly isEnabled: boolean; readonly options: Readonly<Record<string, number>> }> {
  const sections = detectors as unknown as Readonly<Record<string, DetectorConfig>>;
  return Object.fromEntries(
    DETECTORS.map(({ id }) => {
      const { enabled, ...options } = sections[keyOfDetector(id)]!;
      return [id, { isEnabled: enabled, options: options as Readonly<Record<string, number>> }];
    }),
  );
}

function selectors(description: string) {
  return Type.Array(SelectorSchema, { default: [], maxItems: 500, description });
}

function numberOf({ default: initial, minimum, maximum, description }: Option) {
  return Type.Number({ default: initial, minimum, maximum, description });
}

function names(initial: readonly string[], description: string) {
  return Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
    default: [...initial],
    maxItems: 500,
    description,
  });
}
