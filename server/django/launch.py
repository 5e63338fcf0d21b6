"""What the lab hands over, and what both sides call things: protocol.ts in Python."""

import json
import os

LAUNCH = json.loads(os.environ["CACHE_LAB"])
SETTINGS = LAUNCH["settings"]


def control_socket(slot):
    return os.path.join(SETTINGS["runFolder"], f"control-{slot}-{os.getpid()}.sock")


def private_socket(slot):
    return os.path.join(SETTINGS["runFolder"], f"app-{slot}-{os.getpid()}.sock")


def boot_failure(slot):
    return os.path.join(SETTINGS["runFolder"], f"failed-{slot}-{os.getpid()}.txt")


def user_key(user_id):
    return f"user_{user_id}"


class Worker:
    """Who answers: this process. The slot is known once Gunicorn has forked it."""

    slot = 0
    port = 0

    @classmethod
    def identity(cls):
        return {"slot": cls.slot, "pid": os.getpid()}
