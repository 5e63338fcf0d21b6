import { TimeReader } from '../times.ts';
import {
  areMostly,
  HTTP,
  NO_REQUEST_LINE,
  setRequestLine,
  type TraceFormat,
  textOf,
  withoutPort,
} from '../traced-request.ts';

/**
 * HAProxy's HTTP log (`option httplog`), with what syslog put before it:
 * `client:port [time] frontend backend/server timers status bytes … "GET /path HTTP/1.1"`.
 */
const LINE =
  /(\S+) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] \S+ \S+\/\S+ [-+\d/]+ (-?\d+) \+?(\d+) .*?"(.*)$/;

export const haproxy: TraceFormat = {
  name: 'haproxy',
  about: "HAProxy's HTTP log",
  recognises: (lines) => areMostly(lines, (line) => LINE.test(line)),
  open() {
    const times = new TimeReader('s');
    return {
      ...{ hasTimes: true, columns: ['client', 'write', 'size'], ...HTTP },
      read(request) {
        const match = LINE.exec(textOf(request));
        if (match === null) return 'no request of HTTP';
        const [, client, time, status, size, requestLine] = match;
        request.seconds = times.seconds(time!);
        if (Number.isNaN(request.seconds)) return 'no time in brackets';
        request.client = withoutPort(client!);
        request.status = Math.max(0, Number(status));
        request.size = Number(size);
        // A request longer than the log takes has lost its end.
        if (!requestLine!.endsWith('"')) return NO_REQUEST_LINE;
        return setRequestLine(request, requestLine!.slice(0, -1));
      },
    };
  },
};
