import type { TraceFormat } from '../traced-request.ts';
import { accessLog } from './access-log.ts';
import { awsAlb } from './aws-alb.ts';
import { csv } from './csv.ts';
import { haproxy } from './haproxy.ts';
import { jsonLines } from './json-lines.ts';
import { keyPerLine, text } from './plain.ts';
import { redisMonitor } from './redis-monitor.ts';
import { twitter } from './twitter.ts';
import { w3c } from './w3c.ts';

/** The first that recognises the lines reads them: those that can hardly be mistaken stand first. */
export const FORMATS: readonly TraceFormat[] = [
  ...[w3c, redisMonitor, twitter, awsAlb, haproxy, accessLog],
  ...[jsonLines, csv, text, keyPerLine],
];

export const FORMAT_NAMES: readonly string[] = FORMATS.map(({ name }) => name);
