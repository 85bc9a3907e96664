/** What users run: one minified ESM file beside the probes, koffi outside it, and a launcher that sets the heap's limits. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');

/**
 * OpenTelemetry's gRPC exporter calls require() by another name, which esbuild can't follow: a second gRPC would be loaded from
 * node_modules at the first push, and each refuses the other's objects.
 */
const plainRequire: Plugin = {
  name: 'plain-require',
  setup({ onLoad }) {
    onLoad({ filter: /otlp-grpc-exporter-base\/dist\/.*\.mjs$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('__require(', 'require('),
    }));
  },
};

mkdirSync(dist, { recursive: true });
await build({
  entryPoints: [join(root, 'src/main.ts')],
  outfile: join(dist, 'culprit.mjs'),
  bundle: true,
  minify: true,
  keepNames: true, // errors and OTel's own diagnostics name their classes
  sourcemap: 'linked',
  sourcesContent: false,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  plugins: [plainRequire],
  external: ['koffi'], // loads its own native file by a path beside itself
  // CommonJS dependencies call require() for node: modules.
  banner: {
    js: "import { createRequire as $createRequire } from 'node:module';const require = $createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
rmSync(join(dist, 'runbooks'), { recursive: true, force: true });
cpSync(join(root, 'alerts/runbooks'), join(dist, 'runbooks'), { recursive: true });
copyFileSync(join(import.meta.dirname, 'launcher.sh'), join(dist, 'culprit'));
chmodSync(join(dist, 'culprit'), 0o755);
