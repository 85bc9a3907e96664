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

export function describeApi(version: string, routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};

  for (const { url, method, summary, parameters, responses } of routes) {
    const answers = Object.entries(responses).map(([status, { description, contentType, schema }]) => {
      return [status, { description, content: { [contentType]: { schema } } }] as const;
    });
    const operation = {
      summary,
      ...(parameters && { parameters: describeParameters(parameters) }),
      responses: Object.fromEntries(answers),
    };
    paths[url] = { ...paths[url], [method.toLowerCase()]: operation };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Culprit', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
  };
}

/** None of ours is required. */
function describeParameters({ properties }: Type.TObject): object[] {
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as Type.TSchemaOptions;
    return { name, in: 'query', required: false, description, schema: rest };
  });
}
