import { dateInSeconds } from '../times.ts';
import {
  areMostly,
  HTTP,
  setRequestLine,
  type TraceFormat,
  textOf,
  withoutPort,
} from '../traced-request.ts';

/**
 * The log of an Application Load Balancer of AWS: `type time elb client:port target:port`, three durations,
 * `elb_status target_status received sent "GET http://host:80/path HTTP/1.1" …`.
 */
const LINE =
  /^(?:https?|h2|grpcs|wss?) (\S+) \S+ (\S+) \S+ \S+ \S+ \S+ (\d{3}|-) \S+ \d+ (\d+) "([^"]*)"/;

export const awsAlb: TraceFormat = {
  name: 'alb',
  about: 'the log of an AWS load balancer',
  recognises: (lines) => areMostly(lines, (line) => LINE.test(line)),
  open: () => ({
    ...{ hasTimes: true, columns: ['client', 'write', 'size'], ...HTTP },
    read(request) {
      const match = LINE.exec(textOf(request));
      if (match === null) return 'no request of an AWS load balancer';
      const [, time, client, status, size, requestLine] = match;
      request.seconds = dateInSeconds(time!);
      if (Number.isNaN(request.seconds)) return 'no time';
      request.client = withoutPort(client!);
      request.status = Number(status) || 0;
      request.size = Number(size);
      return setRequestLine(request, requestLine!);
    },
  }),
};
