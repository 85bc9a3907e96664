/** CLOCK_MONOTONIC in milliseconds, with fractions: when something happened. */
export type Instant = number;

/**
 * CLOCK_BOOTTIME in nanoseconds: when a process started. With its pid, its identity.
 *
 * Beyond 104 days of uptime it is rounded to 2 ns, the same way everywhere, so it stays an identity.
 */
export type StartedNs = number;

/** The id of a cgroup in the v2 hierarchy, which is the inode number of its directory. */
export type CgroupId = number;
