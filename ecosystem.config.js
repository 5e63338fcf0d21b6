/*
 * The server under pm2: by hand with `npx pm2 start ecosystem.config.js`, and by the lab, which
 * hands over all it wants as one variable (LAUNCH_VARIABLE in server/protocol.ts). pm2 reads `apps`
 * as a named export in an ES module.
 */
const { CACHE_LAB: byTheLab, CACHE_LAB_WORKERS: workers = 4, PORT = '3000' } = process.env;
const launch = byTheLab === undefined ? null : JSON.parse(byTheLab);
const log = launch && `${launch.settings.runFolder}/pm2-worker.log`;

export const apps = [
  {
    name: 'cache-lab',
    script: './server/worker.ts',
    cwd: import.meta.dirname,
    exec_mode: 'cluster',
    instances: launch ? launch.workers : Number(workers),
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
    env: launch ? { CACHE_LAB: byTheLab } : { PORT },
    ...(log && { out_file: log, error_file: log }),
  },
];
