"""Plays sequences of operations on the real LocMemCache, under a clock of our own.

Reads one sequence per line (JSON) from stdin and answers with one line: what every step returned,
and the store as it was after each step. See sequence.ts for the shapes.
"""

import json
import re
import sys
import time

import django
from django.core.cache.backends import locmem
from django.core.cache.backends.base import memcache_key_warnings

MISSING = {"missing": True}
now = 0.0
time.time = lambda: now


def make_cache(location, options):
    return locmem.LocMemCache(location, {
        "TIMEOUT": options["timeout"],
        "KEY_PREFIX": options["keyPrefix"],
        "VERSION": options["version"],
        "OPTIONS": {
            "MAX_ENTRIES": options["maxEntries"],
            "CULL_FREQUENCY": options["cullFrequency"],
        },
    })


def perform(cache, step):
    """What the operation returns: Python's names for it are ours in snake case, but for `has`."""
    do, given, options = step["do"], step["given"], step.get("options", {})
    if do == "get":
        return cache.get(*given, MISSING, **options)
    if do == "setMany":
        given = [dict(given[0])]
    name = "has_key" if do == "has" else re.sub("[A-Z]", lambda m: "_" + m[0].lower(), do)
    result = getattr(cache, name)(*given, **options)
    return list(result.items()) if do == "getMany" else result


def play(location, sequence):
    global now
    now = sequence["start"]
    caches = [make_cache(location, options) for options in sequence["caches"]]
    answers = []
    for step in sequence["steps"]:
        cache = caches[step.get("cache", 0) % len(caches)]
        result = None
        if step["do"] == "wait":
            now += step["given"][0]
        else:
            try:
                result = perform(cache, step)
            except ValueError:
                result = {"error": "missing key"}
            except TypeError:
                result = {"error": "not a number"}
        # Django keeps the most recently used in front.
        held = [[key, cache._expire_info[key]] for key in reversed(cache._cache)]
        answers.append({"result": result, "held": held, "expiries": len(cache._expire_info)})
    for registry in (locmem._caches, locmem._expire_info, locmem._locks):
        del registry[location]
    return answers


def main():
    print(json.dumps({"django": django.get_version()}), flush=True)
    for number, line in enumerate(sys.stdin):
        question = json.loads(line)
        if "warnsAbout" in question:
            answer = any(True for _ in memcache_key_warnings(question["warnsAbout"]))
        else:
            answer = play("sequence %d" % number, question)
        print(json.dumps(answer), flush=True)


main()
