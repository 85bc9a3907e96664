export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** The most that we promise to leave unseen. */
const REMAINDER_HIGH = 0.02;
const REMAINDER_MEDIUM = 0.2;

/**
 * How far a victim's shares can be trusted, by what was not seen: that part may have been anybody's, so each share may be
 * too small by as much. What is inferred never is of high confidence.
 */
export function confidence(remainderShare: number, isInferred: boolean): Confidence {
  if (remainderShare <= REMAINDER_HIGH && !isInferred) return 'high';
  return remainderShare <= REMAINDER_MEDIUM ? 'medium' : 'low';
}
