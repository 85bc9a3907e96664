import * as Type from 'typebox';

import { json, type Route, text } from './route.ts';

const NAME = /^[a-z][a-z-]*$/;

/** `GET /runbooks/:name`: where alerts send people. Of the version that runs, and for anybody: nothing of this host is in it. */
export function runbookRoute(runbook: (name: string) => Promise<string | undefined>): Route {
  return {
    method: 'GET',
    url: '/runbooks/:name',
    summary: 'What an alert means and what to do about it',
    isPrivate: false,
    path: Type.Object({ name: Type.String({ description: 'As in the `runbook_url` of an alert: `fork-storm`.' }) }),
    responses: {
      200: text('The runbook', Type.String(), 'text/markdown'),
      404: json('There is none of this name', Type.Object({ error: Type.String() })),
    },
    async handle({ params }, reply) {
      const { name } = params as { name: string };
      const page = NAME.test(name) ? await runbook(name) : undefined;
      if (page === undefined) return reply.code(404).send({ error: `no runbook ${JSON.stringify(name)}` });
      return reply.type('text/markdown; charset=utf-8').send(page);
    },
  };
}
