import * as Type from 'typebox';

const PATTERN_LENGTH_MAX = 1_000;

/** One rule of `groups`. All patterns of a rule must match; a rule needs at least one. */
export const GroupRule = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: '^[^~\\s]',
      description: 'The name of the group. It does not begin with "~": such names are Culprit\'s own.',
    }),
    comm: Type.Optional(regularExpression('the command name, at most 15 bytes')),
    exe: Type.Optional(regularExpression("the executable's path, or its base name where that is all that was seen")),
    argv: Type.Optional(
      regularExpression('the arguments, joined by spaces and less what looks like a secret; the first 256 bytes'),
    ),
    cgroup: Type.Optional(regularExpression('the path of the cgroup')),
    parent: Type.Optional(regularExpression("the parent's group name")),
  },
  { additionalProperties: false },
);

export const CONDITIONS = ['comm', 'exe', 'argv', 'cgroup', 'parent'] as const;

export function regularExpression(subject: string) {
  return Type.String({
    format: 'regex',
    minLength: 1,
    maxLength: PATTERN_LENGTH_MAX,
    description: `A regular expression (JavaScript, flag u) that matches somewhere in ${subject}.`,
  });
}
