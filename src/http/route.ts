import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TObject, TSchema } from 'typebox';

/** One door of the server: its behaviour and its description, from which the API document and the landing page are made. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly summary: string;
  /** Answers only on a loopback address, and only to what is not a foreign web page. */
  readonly isPrivate: boolean;
  /** Of the path, by name: what stands there as `:name`. */
  readonly path?: TObject;
  /** Of the query, by name. */
  readonly parameters?: TObject;
  readonly responses: Readonly<Record<number, Answer>>;
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

/** Whether a request for this path is the route's. */
export function isAt({ url }: Route, path: string): boolean {
  const parts = path.split('/');
  const wanted = url.split('/');
  return wanted.length === parts.length && wanted.every((part, index) => part.startsWith(':') || part === parts[index]);
}

export interface Answer {
  readonly description: string;
  readonly contentType: string;
  readonly schema: TSchema;
}

export function json(description: string, schema: TSchema): Answer {
  return { description, contentType: 'application/json', schema };
}

export function text(description: string, schema: TSchema, contentType = 'text/plain'): Answer {
  return { description, contentType, schema };
}
