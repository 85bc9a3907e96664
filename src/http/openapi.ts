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

  for (const { url: pattern, method, summary, path, parameters, responses } of routes) {
    const url = pattern.replaceAll(/:(\w+)/g, '{$1}');
    const answers = Object.entries(responses).map(([status, { description, contentType, schema }]) => {
      return [status, { description, content: { [contentType]: { schema } } }] as const;
    });
    const described = [...describeParameters('path', path), ...describeParameters('query', parameters)];
    const operation = {
      summary,
      ...(described.length > 0 && { parameters: described }),
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

/** Those of a path are required, none of a query is. */
function describeParameters(where: 'path' | 'query', parameters: Type.TObject | undefined): object[] {
  return Object.entries(parameters?.properties ?? {}).map(([name, schema]) => {
    const { description, ...rest } = schema as Type.TSchemaOptions;
    return { name, in: where, required: where === 'path', description, schema: rest };
  });
}
