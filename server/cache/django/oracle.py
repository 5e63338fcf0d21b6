"""Plays scenarios on the real LocMemCache, under a clock of our own.

Reads one scenario per line (JSON) from stdin and answers with one line: what every step returned,
and the store as it was after each step. See scenario.ts for the shapes.
"""

import json
import sys
import time

import django
from django.core.cache.backends import locmem
from django.core.cache.backends.base import memcache_key_warnings

MISSING = object()
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
    do, key = step["do"], step.get("key")
    version = {"version": step["version"]} if "version" in step else {}
    store = {**version, **({"timeout": step["timeout"]} if "timeout" in step else {})}
    if do == "get":
        value = cache.get(key, MISSING, **version)
        return {"missing": True} if value is MISSING else {"value": value}
    if do == "set":
        return cache.set(key, step["value"], **store)
    if do == "add":
        return cache.add(key, step["value"], **store)
    if do == "getOrSet":
        return cache.get_or_set(key, lambda: step["value"], **store)
    if do == "touch":
        return cache.touch(key, **store)
    if do == "delete":
        return cache.delete(key, **version)
    if do == "has":
        return cache.has_key(key, **version)
    if do == "incr":
        return cache.incr(key, step["delta"], **version)
    if do == "decr":
        return cache.decr(key, step["delta"], **version)
    if do == "incrVersion":
        return cache.incr_version(key, step["delta"], **version)
    if do == "decrVersion":
        return cache.decr_version(key, step["delta"], **version)
    if do == "getMany":
        return list(cache.get_many(step["keys"], **version).items())
    if do == "setMany":
        return cache.set_many({key: step["value"] for key in step["keys"]}, **store)
    if do == "deleteMany":
        return cache.delete_many(step["keys"], **version)
    if do == "clear":
        return cache.clear()
    raise SystemExit("unknown step: %r" % do)


def play(location, scenario):
    global now
    now = scenario["start"]
    caches = [make_cache(location, options) for options in scenario["caches"]]
    answers = []
    for step in scenario["steps"]:
        cache = caches[step.get("cache", 0)]
        result = None
        if step["do"] == "wait":
            now += step["seconds"]
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
            answer = play("scenario %d" % number, question)
        print(json.dumps(answer), flush=True)


main()
