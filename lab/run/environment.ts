import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Environment } from '../../reports/record/schema.ts';

const MEASURED_WITH = ['fastify', 'autocannon', 'pm2', '@redis/client', 'chart.js', 'pure-rand'];

/** The machine and the versions that a figure depends on. */
export function describeEnvironment(): Environment {
  return {
    node: process.version,
    platform: `${os.type()} ${os.release()}`,
    arch: process.arch,
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    versions: {
      lab: labVersion(),
      ...Object.fromEntries(
        MEASURED_WITH.map((name) => [name, versionIn(`node_modules/${name}/package.json`)]),
      ),
    },
  };
}

/** The version of this project. */
export function labVersion(): string {
  return versionIn('package.json');
}

/** @param manifest its path in this project */
function versionIn(manifest: string): string {
  const file = new URL(`../../${manifest}`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
