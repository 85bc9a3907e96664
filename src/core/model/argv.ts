import { isSecretName, looksSecret, redacted } from './secrets.ts';

/** Flags whose value is shown, where it is a plain one: numbers and words that say what a process is, and never who may. */
const SHOWN: ReadonlySet<string> = new Set(
  (
    'port jobs threads workers worker-processes concurrency parallel processes instances replicas queue queues pool ' +
    'level log-level loglevel verbosity timeout interval period retries rate limit count size memory max-memory ' +
    'max-old-space-size max-semi-space-size heap cpus nice priority mode type role kind format scope max-requests'
  ).split(' '),
);

/** With one dash, names of flags are told from a value glued to a letter (`-phunter2`) only by being known. */
const ONE_DASH: ReadonlySet<string> = new Set(
  '-jar -cp -classpath -server -client -config -version -verbose -debug -daemon'.split(' '),
);
/** Of these the whole says nothing but a size or a switch. */
const HARMLESS = /^-(?:j\d{1,4}|O[0-3s]|Xm[sx]\d+[kmg]?|Xss\d+[kmg]?|XX:[+-][A-Za-z0-9]{1,60})$/i;

const PROGRAM = /^-?\w[\w.+-]{0,63}:?$/;
const LONG_FLAG = /^--[A-Za-z][\w.-]{0,39}$/;
const SHORT_FLAG = /^-[A-Za-z0-9]$/;
const PLAIN = /^[A-Za-z0-9][\w.,:+%-]{0,31}$/;
const NUMBER = /^\d{1,6}$/;
const MODULE = /^[A-Za-z_][\w.]{0,63}$/;

/**
 * What of a command line may leave this process, by any door: the base name of the program, names of flags, and the values of
 * flags that are known to be harmless. All else is `<redacted:length>`.
 *
 * An allow-list, for nobody can list what secrets look like. `argv` has NUL between arguments and may be cut anywhere.
 */
export function redactArgv(argv: Uint8Array): string[] {
  if (argv.length === 0) return [];
  const [first = '', ...rest] = new TextDecoder().decode(argv).replace(/\0$/, '').split('\0');
  const program = programOf(first);
  const shown: string[] = [...program];
  let wanted: RegExp | undefined | 'secret';
  let isOperand = false;

  for (const argument of rest) {
    const expected = wanted;
    wanted = undefined;
    if (isOperand || expected === 'secret') shown.push(redacted(argument));
    else if (expected?.test(argument) === true && !looksSecret(argument)) shown.push(argument);
    else if (argument === '--') {
      isOperand = true;
      shown.push(argument);
    } else {
      shown.push(flagOf(argument));
      wanted = valueAfter(argument, program[0] ?? '');
    }
  }
  return shown;
}

/** Programs may call themselves anything: `postgres: app 10.0.0.7 SELECT`. */
function programOf(first: string): string[] {
  const space = first.search(/\s/);
  const word = space < 0 ? first : first.slice(0, space);
  const name = word.slice(word.lastIndexOf('/') + 1);
  const shown = PROGRAM.test(name) && !looksSecret(name) ? name : redacted(name);
  return space < 0 ? [shown] : [shown, redacted(first.slice(space + 1))];
}

function flagOf(argument: string): string {
  const equals = argument.indexOf('=');
  const name = equals < 0 ? argument : argument.slice(0, equals);
  const isName = (LONG_FLAG.test(name) || ONE_DASH.has(name)) && !looksSecret(name);

  if (isName && equals < 0) return name;
  if (isName) return `${name}=${shownValue(name, argument.slice(equals + 1))}`;
  if (SHORT_FLAG.test(argument) || (HARMLESS.test(argument) && !looksSecret(argument))) return argument;
  // After the letter come more letters, or a value: `-xvf` cannot be told from `-psecret`.
  if (/^-[A-Za-z]/.test(argument)) return `${argument.slice(0, 2)}${redacted(argument.slice(2))}`;
  return redacted(argument);
}

function shownValue(name: string, value: string): string {
  const isShown = SHOWN.has(name.replace(/^--/, '')) && PLAIN.test(value) && !looksSecret(value);
  return isShown ? value : redacted(value);
}

/** What the next argument may be, if it is the value of this one. */
function valueAfter(flag: string, program: string): RegExp | undefined | 'secret' {
  if (flag.includes('=')) return undefined;
  if (/^-/.test(flag) && isSecretName(flag)) return 'secret';
  if (SHOWN.has(flag.replace(/^--/, ''))) return flag.startsWith('--') ? PLAIN : undefined;
  if (flag === '-j' || flag === '-n') return NUMBER;
  return flag === '-m' && /^python[\d.]*$/.test(program) ? MODULE : undefined;
}
