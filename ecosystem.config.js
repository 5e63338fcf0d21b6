/*
 * The server under pm2: by hand with `npx pm2 start ecosystem.config.js`, and by the lab, which
 * hands over its settings in the environment. pm2 reads `apps` as a named export in an ES module.
 */
const byTheLab = process.env.CACHE_LAB_WORKER !== undefined;

export const apps = [
  {
    name: 'cache-lab',
    script: './server/worker.ts',
    cwd: import.meta.dirname,
    exec_mode: 'cluster',
    instances: Number(process.env.CACHE_LAB_WORKERS ?? 4),
    // pm2 would run a .ts file with bun.
    interpreter: 'node',
    wait_ready: true,
    listen_timeout: 10_000,
    kill_timeout: 1_500,
    shutdown_with_message: true,
    // Neither metrics nor git metadata are pm2's business here.
    pmx: false,
    vizion: false,
    autorestart: true,
    env: byTheLab
      ? { CACHE_LAB_WORKER: process.env.CACHE_LAB_WORKER }
      : { PORT: process.env.PORT ?? '3000' },
    ...(byTheLab && {
      out_file: `${process.env.CACHE_LAB_FOLDER}/pm2-worker.log`,
      error_file: `${process.env.CACHE_LAB_FOLDER}/pm2-worker.log`,
    }),
  },
];
