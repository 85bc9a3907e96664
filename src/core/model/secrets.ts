/** Says that something was there, and how long it was. */
export function redacted(text: string): string {
  return `<redacted:${text.length}>`;
}

/** Names of flags, variables and headers whose value is a secret. Better one too many: `--author` hides a name. */
const SECRET_NAME =
  /pass|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|auth|credential|cookie|signature|session|dsn|connection[-_]?string/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Of these programs the short flag takes a password, glued to it or as the next argument. */
const SECRET_SHORT_FLAGS: readonly (readonly [program: RegExp, flag: string])[] = [
  [/^(?:mysql|mariadb|mongo|sshpass|docker$|podman$|7z|zip|unzip)/, 'p'],
  [/^(?:redis-cli|rclone)/, 'a'],
  [/^(?:curl|wget)/, 'u'],
  [/^(?:smbclient|rpcclient)/, 'U'],
  [/^ldap/, 'w'],
  [/^unzip/, 'P'],
];

const WHOLE = (text: string) => redacted(text);
const AFTER = (_: string, name: string, value: string) => `${name}${redacted(value)}`;

/** In this order: what a later one would cut in two, an earlier one has taken whole. */
const PATTERNS: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/-----BEGIN [\s\S]*?(?:-----END [^-]*-----|$)/g, WHOLE],
  [new RegExp(`([\\w.-]*(?:${SECRET_NAME.source})[\\w.-]*["']?\\s*[=:]\\s*)(\\S[\\s\\S]*)`, 'gi'), AFTER],
  [/\b((?:bearer|basic|digest)\s+)([^\s<]\S*)/gi, AFTER],
  // Up to the last @: a password may hold one, or a slash, that nobody encoded.
  [/(:\/\/)([^\s"']+)(?=@)/g, AFTER],
  [/(:\/\/[^\s?"']*\?)([^\s"']+)/g, AFTER],
  [/\beyJ[\w-]{6,}(?:\.[\w-]*)*/g, WHOLE],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{8,}|\bAIza[\w-]{16,}/g, WHOLE],
  [/\b(?:sk-|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|hf_|npm_|dop_v1_)[\w-]{6,}/g, WHOLE],
  [/[\w+/-]{20,}/g, (run) => (isRandom(run) ? redacted(run) : run)],
];

/** Any text, less what looks like a secret in it. */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const [pattern, put] of PATTERNS) masked = masked.replace(pattern, put);
  return masked;
}

export function looksSecret(text: string): boolean {
  return maskSecrets(text) !== text;
}

/** The same of a command line, where a flag says what the argument after it is. The first is the program. */
export function maskArguments(argv: readonly string[]): string[] {
  const program = argv[0]?.split('/').at(-1) ?? '';
  const short = SECRET_SHORT_FLAGS.filter(([name]) => name.test(program)).map(([, flag]) => `-${flag}`);
  let isSecret = false;

  return argv.map((argument) => {
    const wasSecret = isSecret;
    isSecret = short.includes(argument) || (/^-[^=:]+$/.test(argument) && isSecretName(argument));
    if (wasSecret) return redacted(argument);
    const glued = short.find((flag) => argument.startsWith(flag) && argument !== flag);
    return glued === undefined ? maskSecrets(argument) : `${glued}${redacted(argument.slice(glued.length))}`;
  });
}

/** Hexadecimal digits hold at most 4 bits each, so that a bound of 4 for all would let every key in hexadecimal pass. */
function isRandom(run: string): boolean {
  if (!/\d/.test(run) || !/[a-z]/i.test(run)) return false;
  // A path has no capitals as a rule, base64 always has.
  if (run.includes('/') && !(/[a-z]/.test(run) && /[A-Z]/.test(run))) return false;
  return entropyBits(run) > (/^[0-9a-f-]+$/i.test(run) ? 2.8 : 3.9);
}

/** Shannon's, of one character. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
