/** CPU that this thread has used, in milliseconds: a cost that a busy host does not inflate, as it would the time by the clock. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();

  return (user + system) / 1000;
}
