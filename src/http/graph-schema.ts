import * as Type from 'typebox';

import { row } from './process-schema.ts';

const Known = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

const Subtree = Type.Object(
  {
    processes: Type.Integer({ minimum: 1 }),
    cpuRatio: Known('CPU seconds per second.'),
    anonymousBytes: Known('Memory that is no file.'),
    forksPerSecond: Known('Forks.'),
  },
  { description: 'Of it and all below it, as far as is known.' },
);

const LeftOut = Type.Object(
  { children: Type.Integer({ minimum: 0 }), processes: Type.Integer({ minimum: 0 }) },
  { description: 'Children that are not shown, and how many processes those are with all below them.' },
);

const Node = Type.Object({
  ...row,
  subtree: Subtree,
  leftOut: LeftOut,
  children: Type.Array(Type.Object({}, { additionalProperties: true }), {
    description: 'The same again, for each that stands below it. Who uses most CPU with all below it comes first.',
  }),
});

/** The answer of `GET /graph`. */
export const ForestAnswer = Type.Object({
  roots: Type.Array(Node, { description: 'Below nobody that is known: init, where it can be seen.' }),
  degraded: Type.Array(Type.String(), { description: 'Why less is seen than there is; empty when all is.' }),
});
export type ForestAnswer = Type.Static<typeof ForestAnswer>;

/** The answer of `GET /graph/{pid}`. */
export const GraphAnswer = Type.Object({
  ancestors: Type.Array(
    Type.Object({ ...row, hasEnded: Type.Boolean({ description: 'It is remembered, but lives no more.' }) }),
    { description: 'The nearest first: who begat it, and where that is forgotten, who waits for it.' },
  ),
  ancestorsLeftOut: Type.Integer({ minimum: 0 }),
  root: Node,
  degraded: Type.Array(Type.String(), { description: 'Why less is seen than there is; empty when all is.' }),
});
export type GraphAnswer = Type.Static<typeof GraphAnswer>;
