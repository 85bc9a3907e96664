/** By the clock on this person's wall. */
export function clockOf(time: Date): string {
  return `${hourOf(time)}:${two(time.getSeconds())}`;
}

/** The day as well, unless it is today's. */
export function dayClockOf(time: Date, now: Date): string {
  return time.toDateString() === now.toDateString() ? clockOf(time) : `${dayOf(time)} ${hourOf(time)}`;
}

export function preciseClockOf(time: Date): string {
  return `${clockOf(time)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** The same wherever it is read. */
export function utcClockOf(time: Date): string {
  return time.toISOString().slice(11, 19);
}

function dayOf(time: Date): string {
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

function hourOf(time: Date): string {
  return `${two(time.getHours())}:${two(time.getMinutes())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
