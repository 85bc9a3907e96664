import type { Event } from '../core/model/event.ts';
import { list, membersOf, number, refuse } from './codec.ts';
import { readEvent, writeEvent } from './events.ts';
import { type RecordedRule, rule, settings } from './header.ts';

/** What follows the header, a line each. */
export type Entry =
  | { readonly entry: 'event'; readonly event: Event }
  /** A reload changed the rules of groups. */
  | { readonly entry: 'rules'; readonly rules: readonly RecordedRule[] }
  /** A reload changed the settings of detectors: the configuration's `detectors`, whole. */
  | { readonly entry: 'detectors'; readonly settings: object }
  /** So many events that should stand here were not recorded: the disk was too slow. */
  | { readonly entry: 'lost'; readonly events: number }
  /** The last one. */
  | { readonly entry: 'end'; readonly reason: EndReason };

export const END_REASONS = ['stopped', 'size'] as const;
export type EndReason = (typeof END_REASONS)[number];

const rules = list(rule);

/** One line without its end. */
export function writeEntry(entry: Entry): string {
  switch (entry.entry) {
    case 'event':
      return writeEvent(entry.event);
    case 'rules':
      return `{"rules":${rules.write(entry.rules)}}`;
    case 'detectors':
      return `{"detectors":${settings.write(entry.settings)}}`;
    case 'lost':
      return `{"lost":${entry.events}}`;
    case 'end':
      return `{"end":"${entry.reason}"}`;
    default:
      return entry satisfies never;
  }
}

/** Throws an `Error` that says what was expected where. */
export function readEntry(json: unknown): Entry {
  const found = membersOf(json);
  if (found.kind !== undefined) return { entry: 'event', event: readEvent(json) };
  if (found.rules !== undefined) return { entry: 'rules', rules: rules.read(found.rules) };
  if (found.detectors !== undefined) return { entry: 'detectors', settings: settings.read(found.detectors) };
  if (found.lost !== undefined) return { entry: 'lost', events: number.read(found.lost) };
  const reason = END_REASONS.find((each) => each === found.end);
  return reason === undefined
    ? refuse('an event, rules, detectors, a loss or the end', json)
    : { entry: 'end', reason };
}
