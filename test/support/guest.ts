/** Whether this runs in test/guest, an emulated machine: ten times slower, with no disk. */
export const isGuest: boolean = process.env.CULPRIT_GUEST === '1';
