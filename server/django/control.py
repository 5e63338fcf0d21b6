"""The worker's private socket: this worker's counters and entries, and no other's. As control.ts."""

import json
import os
import resource
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingUnixStreamServer
from threading import Thread

from django.core.cache import cache

from journal import tally
from launch import Worker, control_socket

#: As in cache/stats.ts.
COUNTERS = (
    *("hits", "missesCold", "missesExpired", "missesEvicted", "errors", "sets"),
    *("created", "evictions", "culls", "expirations", "deletions"),
)


class Control(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/alive":
            self.answer(Worker.identity())
        elif self.path.split("?")[0] == "/snapshot":
            self.answer(snapshot(with_keys=self.path.endswith("?keys")))
        else:
            self.send_error(404)

    def do_POST(self):
        try:
            cleared = cache.clear()
        except Exception as error:
            self.send_error(500, str(error))
        else:
            at = {"sequence": cleared.sequence, "atSeconds": cleared.at}
            self.answer({**Worker.identity(), **at})

    def answer(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class ControlServer(ThreadingUnixStreamServer):
    daemon_threads = True


def snapshot(with_keys):
    keys = cache.keys()
    return {
        **Worker.identity(),
        "port": Worker.port,
        "connections": tally["connections"],
        "requests": tally["requests"],
        "stats": {name: tally[name] for name in COUNTERS},
        "originQueries": tally["originQueries"],
        "entries": None if keys is None else len(keys),
        "keys": keys if with_keys else None,
        **memory(),
    }


def memory():
    """Bytes of this process in the machine's memory: all, and what is neither file nor shared. Where the
    system does not tell, the most that it ever was."""
    try:
        with open("/proc/self/status") as status:
            kib = dict(line.split(":", 1) for line in status)
        return {
            "rssBytes": 1024 * int(kib["VmRSS"].split()[0]),
            "heapUsedBytes": 1024 * int(kib["RssAnon"].split()[0]),
        }
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"rssBytes": most, "heapUsedBytes": most}


def listen():
    """Begins to answer, in a thread of this process."""
    server = ControlServer(control_socket(Worker.slot), Control)
    os.chmod(server.server_address, 0o700)
    Thread(target=server.serve_forever, daemon=True).start()
