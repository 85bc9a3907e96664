import type { StallResource } from '../core/model/stall.ts';
import type { BlameAnswer, BlamePart, BlameVictim } from './blame-answer.ts';
import { printable } from './paint.ts';

const RESOURCES: Readonly<Record<StallResource, string>> = { cpu: 'a CPU', memory: 'memory', io: 'storage' };

const ADVICE: Readonly<Record<string, string>> = {
  none: 'Too little to matter.',
  crowd: 'Many neighbours, none of them much: there is too little for all.',
  unknown: 'Nothing seen explains a fifth of it.',
};

/** "payments.service waited 312 ms for a CPU in 30 s: 94 % behind resizer.service (convert, pid 8121), 5 % own threads." */
export function sentence(victim: BlameVictim, window: BlameAnswer['window']): string {
  const { resource, seconds, verdict } = victim;
  const waited = `${printable(victim.victim.name)} waited ${duration(seconds)} for ${RESOURCES[resource]} in ${duration(Math.round(window.covered))}`;
  const advice = ADVICE[verdict];

  return [`${waited}: ${divided(victim)}.`, advice, bully(victim)].filter((part) => part !== undefined).join(' ');
}

/** Who it was behind, and by which of its processes. */
export function offenderOf(part: BlamePart, victim: string): string {
  const who = whoOf(part, victim);
  const [process] = part.processes;
  if (process === undefined || part.cause === 'throttle') return who;
  const name = printable(process.comm || process.exe);
  return `${who} (${name === '' ? '' : `${name}, `}pid ${process.pid})`;
}

export function duration(seconds: number): string {
  const ms = seconds * 1000;
  if (ms === 0) return '0 ms';
  if (ms < 1) return '<1 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (seconds >= 100 || Number.isInteger(seconds)) return `${Math.round(seconds)} s`;
  return `${seconds.toPrecision(3)} s`;
}

/** All only where it is all, and nothing only where it is nothing. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return '<1 %';
  if (share < 1 && share >= 0.995) return '>99 %';
  return `${Math.round(share * 100)} %`;
}

/** Kernel work is one in a sentence, whatever it is for. */
function divided({ victim, parts, remainder }: BlameVictim): string {
  const shares = new Map<string, number>();
  for (const part of parts) {
    const words = phraseOf(part, victim.name);
    shares.set(words, (shares.get(words) ?? 0) + part.share);
  }
  const told = [...shares].filter(([, share]) => share >= 0.005);
  const untold = [...shares.values()].filter((share) => share < 0.005).reduce((sum, share) => sum + share, 0);
  if (untold >= 0.005) told.push(['others', untold]);
  if (remainder.share >= 0.005) told.push(['not seen', remainder.share]);
  return told.map(([words, share]) => `${percent(share)} ${words}`).join(', ') || 'behind many, each a little';
}

function phraseOf(part: BlamePart, victim: string): string {
  switch (part.cause) {
    case 'neighbour':
      return `behind ${offenderOf(part, victim)}`;
    case 'self':
      return 'own threads';
    case 'kernel':
      return 'kernel';
    default:
      return whoOf(part, victim);
  }
}

function whoOf({ cause, offender }: BlamePart, victim: string): string {
  const name = printable(offender);

  switch (cause) {
    case 'neighbour':
      return offender === '~other' ? 'many others' : name;
    case 'self':
      return 'own threads';
    case 'throttle':
      if (offender === '') return 'a CPU quota';
      return offender === victim ? 'own CPU quota' : `CPU quota of ${name}`;
    case 'kernel':
      return name.replace(/^kernel:other$/, 'kernel').replace(':', ' ');
    case 'irq':
      return 'interrupts';
    case 'hypervisor':
      return 'hypervisor';
    case 'idle':
      return 'an idle CPU waking up';
    default:
      return 'not seen';
  }
}

const MUCH_ABOVE = 0.1;

/** The offender that the verdict is about, where it took more than it was due. */
function bully({ verdict, parts }: BlameVictim): string | undefined {
  const part = verdict === 'neighbour' ? parts.find(({ cause }) => cause === 'neighbour') : undefined;
  if (part === undefined || part.excessShare === null || part.excessShare < MUCH_ABOVE) return undefined;
  const times = part.excessShare < 0.99 ? `${(1 / (1 - part.excessShare)).toFixed(1)} times` : 'far more than';
  return `${printable(part.offender)} used ${times} its fair share of the CPU.`;
}
