import { Set as setFormat } from 'typebox/format';

import { parseListen } from './listen.ts';

interface TextFormat {
  /** Completes "expected …". */
  readonly expected: string;
  readonly accepts: (text: string) => boolean;
}

/** What a JSON schema can't say of a text, by the name that the schema gives it. */
export const FORMATS: Readonly<Record<string, TextFormat>> = {
  'listen-address': {
    expected: 'host:port, [address]:port or :port with a port from 0 to 65535',
    accepts: (text) => parseListen(text) !== undefined,
  },
  'absolute-path': { expected: 'an absolute path', accepts: isAbsolutePath },
  'absolute-path-or-empty': { expected: 'an absolute path', accepts: (text) => text === '' || isAbsolutePath(text) },
  'path-or-empty': { expected: 'a path', accepts: (text) => !text.includes('\0') },
  'http-url-or-empty': {
    expected: 'http://host:port or https://host:port, without user, password, query or fragment',
    accepts: (text) => text === '' || isPlainUrl(text),
  },
  // What both gRPC and HTTP can carry; of gRPC, "-bin" is for bytes.
  'header-name': {
    expected: 'letters, digits, ".", "_" and "-", without "-bin" at the end',
    accepts: (text) => /^[\w.-]+$/.test(text) && !/-bin$/i.test(text),
  },
  // A block of YAML ends with a line break, which is taken off.
  'header-value': {
    expected: 'a text of printable ASCII in one line',
    accepts: (text) => /^[ -~]*$/.test(text.trim()),
  },
  regex: { expected: 'a regular expression', accepts: isRegularExpression },
};

for (const [name, { accepts }] of Object.entries(FORMATS)) setFormat(name, accepts);

/** Why the text is no regular expression, in the engine's words. */
export function regularExpressionFault(text: string): string | undefined {
  try {
    new RegExp(text, 'u');
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? error.message.replace(/^.*: (?=[^:]+$)/, '') : String(error);
  }
}

function isRegularExpression(text: string): boolean {
  return regularExpressionFault(text) === undefined;
}

function isAbsolutePath(text: string): boolean {
  return text.startsWith('/') && !text.includes('\0');
}

/** gRPC endpoints may leave the scheme out, and then name a port. */
function isPlainUrl(text: string): boolean {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || /\s/.test(text)) return false;

  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  return isHttp && url.hostname !== '' && url.username === '' && url.password === '' && !/[?#]/.test(text);
}
