/** The instrumentation scope of all that is pushed. */
export const SCOPE = 'culprit';
