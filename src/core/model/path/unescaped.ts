/** As it was before systemd made a unit's name of it: `web\x2d1` was `web-1`. What is no escape, or no UTF-8, stays. */
export function unescaped(name: string): string {
  return name.replace(/(?:\\x[0-9a-f]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes.replaceAll('\\x', '%'));
    } catch {
      return escapes;
    }
  });
}
