const STEP_BYTES = 1 << 19;

/**
 * A script of busybox's shell that keeps half a MiB more in its variables after each pause, for as long as it may. It waits
 * by itself: a child that slept for it would hold as much, and could be killed in its place.
 */
export function leaking(pauseSeconds: number): string {
  return [
    'mkfifo /never && exec 3<>/never',
    `c=x; while [ \${#c} -lt ${STEP_BYTES} ]; do c=$c$c; done`,
    `i=0; while :; do eval v$i=\\$c; i=$((i+1)); read -t ${pauseSeconds} _ <&3; done`,
  ].join('\n');
}
