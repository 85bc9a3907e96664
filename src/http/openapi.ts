import * as Type from 'typebox';

import { json, type Route } from './route.ts';

/** `GET /openapi.json`, made from the routes themselves. */
export function openapiRoute(version: string, routes: () => readonly Route[]): Route {
  return {
    method: 'GET',
    url: '/openapi.json',
    summary: 'This API, as OpenAPI 3.1',
    isPrivate: true,
    responses: { 200: json('The description', Type.Object({}, { additionalProperties: true })) },
    handle: (_, reply) => reply.send(describeApi(version, routes())),
  };
}

/** What fastify takes from the path: `:id`. */
const STEP = /:(\w+)/g;

export function describeApi(version: string, routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};

  for (const { url, method, summary, parameters, responses } of routes) {
    const answers = Object.entries(responses).map(([status, { description, contentType, schema }]) => {
      return [status, { description, content: { [contentType]: { schema } } }] as const;
    });
    const operation = {
      summary,
      ...describeParameters(url, parameters),
      responses: Object.fromEntries(answers),
    };
    const path = url.replace(STEP, '{$1}');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Culprit', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
  };
}

/** Of those in the query none is required. */
function describeParameters(url: string, query: Type.TObject | undefined): { readonly parameters?: object[] } {
  const inPath = [...url.matchAll(STEP)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: { type: 'string' } };
  });
  const inQuery = Object.entries(query?.properties ?? {}).map(([name, schema]) => {
    const { description, ...rest } = schema as Type.TSchemaOptions;
    return { name, in: 'query', required: false, description, schema: rest };
  });
  const parameters = [...inPath, ...inQuery];
  return parameters.length === 0 ? {} : { parameters };
}
