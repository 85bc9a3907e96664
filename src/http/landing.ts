import * as Type from 'typebox';

import { type Route, text } from './route.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:40rem;padding:0 1rem;color-scheme:light dark}dt{font-family:monospace}';

/** `GET /`: what there is to see here, as links. It asks nothing of any other host. */
export function landingRoute(version: string, routes: () => readonly Route[]): Route {
  return {
    method: 'GET',
    url: '/',
    summary: 'Links to all of these',
    isPrivate: false,
    responses: { 200: text('The page', Type.String(), 'text/html') },
    handle: (_, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .header(
          'content-security-policy',
          "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
        )
        .send(page(version, routes())),
  };
}

function page(version: string, routes: readonly Route[]): string {
  const links = routes
    .filter(({ method, url }) => method === 'GET' && url !== '/' && !url.includes(':'))
    .map(({ url, summary }) => `<dt><a href="${html(url)}">${html(url)}</a></dt><dd>${html(summary)}</dd>`);

  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Culprit</title>
<style>${STYLE}</style>
<h1>Culprit</h1>
<p>Names the process that is hurting this host. Version ${html(version)}.</p>
<dl>${links.join('\n')}</dl>
</html>
`;
}

function html(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
