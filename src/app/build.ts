import { release } from 'node:os';
import pkg from '../../package.json' with { type: 'json' };

/** What runs, and on what. */
export const BUILD = {
  version: pkg.version,
  node_version: process.versions.node,
  kernel_release: release(),
} as const;
