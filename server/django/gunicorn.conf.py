"""How Gunicorn runs the project. The hooks that number the workers and open their sockets are in workers.py:
this file is read anew at each reload."""

from launch import LAUNCH, SETTINGS
from workers import *  # noqa: F403

bind = f"127.0.0.1:{SETTINGS['port']}"
workers = LAUNCH["workers"]
worker_class = LAUNCH["gunicorn"]["workerClass"]
threads = LAUNCH["gunicorn"]["threads"]
loglevel = "warning"
graceful_timeout = 5
keepalive = 75
worker_tmp_dir = SETTINGS["runFolder"]
