"""Gunicorn's hooks: which slot a worker has, where it listens beside the shared port, how it ends."""

import os
import shutil
import signal
import socket
import time
from threading import Thread

from journal import tally
from launch import LAUNCH, SETTINGS, Worker, boot_failure, control_socket, private_socket

__all__ = ["on_exit", "pre_fork", "child_exit", "post_fork", "post_worker_init", "worker_exit"]
__all__ += ["pre_request", "on_starting"]

#: In the master: the `age` of the worker that has a slot; Gunicorn itself numbers no slots.
slots = {}


def on_starting(server):
    """Makes the table of a cache that is in a database, once for all workers."""
    if SETTINGS["backend"] != "sqlite":
        return
    import django
    from django.core.management import call_command
    from django.db import connections

    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    django.setup()
    call_command("createcachetable", database="cache", verbosity=0)
    with connections["cache"].cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")
    connections.close_all()


def pre_fork(server, worker):
    """The lowest free slot; in a reload there is none, and the oldest worker's successor takes over its."""
    before = SETTINGS.get("slotsBefore") or 0
    numbers = range(before + 1, before + LAUNCH["workers"] + 1)
    worker.slot = min(numbers, key=lambda slot: slots.get(slot, 0))
    slots[worker.slot] = worker.age


def child_exit(server, worker):
    if slots.get(worker.slot) == worker.age:
        del slots[worker.slot]


def post_fork(server, worker):
    """The private address is one more socket of Gunicorn's own loop: the same threads serve it."""
    Worker.slot = worker.slot
    Worker.port = worker.sockets[0].getsockname()[1]
    private = socket.socket(socket.AF_UNIX)
    private.bind(private_socket(worker.slot))
    os.chmod(private_socket(worker.slot), 0o700)
    private.listen(socket.SOMAXCONN)
    worker.sockets = [*worker.sockets, private]


def post_worker_init(worker):
    try:
        import control
        import origin
        from django.urls import get_resolver

        origin.must_answer()
        # Loads the views, which Django would do with the first request.
        get_resolver().url_patterns
        control.listen()
    except Exception as error:
        with open(boot_failure(worker.slot), "w") as file:
            file.write(f"{type(error).__name__}: {error}")
        raise
    if SETTINGS["labPid"] is not None:
        Thread(target=end_with_the_lab, daemon=True).start()


def pre_request(worker, request):
    """Counted when it comes: once the client has its response, the counter has it too."""
    tally.add("requests")
    # Whoever comes to the private address has none.
    if request.req_number == 1 and request.peer_addr:
        tally.add("connections")


def worker_exit(server, worker):
    for path in (control_socket(worker.slot), private_socket(worker.slot)):
        if os.path.exists(path):
            os.unlink(path)
    remove_abandoned()


def on_exit(server):
    remove_abandoned()


def end_with_the_lab():
    """A lab that was killed outright cannot stop its fleet, so each worker looks after it."""
    master = os.getppid()
    while is_running(SETTINGS["labPid"]):
        time.sleep(1)
    if os.getppid() == master:
        os.kill(master, signal.SIGTERM)


def remove_abandoned():
    """Every process of a fleet whose lab is gone tries to remove the lab's folder; the last one does it."""
    folder, lab = SETTINGS.get("labFolder"), SETTINGS["labPid"]
    if folder is not None and lab is not None and not is_running(lab):
        shutil.rmtree(folder, ignore_errors=True)


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not is_zombie(pid)


def is_zombie(pid):
    """Linux tells the state after the command's name; elsewhere there is no such file."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(") ")[2].startswith("Z")
    except OSError:
        return False
