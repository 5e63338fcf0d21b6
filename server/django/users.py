"""A user's page: read through the cache; written to the origin, then dropped from this worker's cache.
The same bytes and headers as routes/users.ts."""

import json

from django.core.cache import cache
from django.http import JsonResponse

import origin
from journal import journal
from launch import SETTINGS, Worker, user_key

#: Given with each store: Django cuts the fraction off a cache's own TIMEOUT.
TIMEOUT = SETTINGS["cache"]["timeout"]


def user(request, user_id):
    user_id = int(user_id)
    if request.method == "PUT":
        return rename(user_id, json.loads(request.body)["name"])
    page = cache.get(user_key(user_id))
    if page is None:
        page = origin.user_page(user_id)
        if page is None:
            return nobody(user_id)
        cache.set(user_key(user_id), page, TIMEOUT)
    return answer(page)


def rename(user_id, name):
    version = origin.rename_user(user_id, name)
    if version is None:
        return nobody(user_id)
    cache.delete(user_key(user_id))
    return answer({"id": user_id, "version": version})


def nobody(user_id):
    return answer({"message": f"There is no user {user_id}."}, status=404)


def answer(content, status=200):
    """JSON as Fastify writes it."""
    return JsonResponse(
        content,
        status=status,
        content_type="application/json; charset=utf-8",
        json_dumps_params={"separators": (",", ":"), "ensure_ascii": False},
    )


def telling(get_response):
    """Middleware: the headers that say who answered and what the cache did, in which order and when."""

    def middleware(request):
        journal.begin_request()
        response = get_response(request)
        response["X-Worker"] = Worker.slot
        response["X-Worker-Pid"] = Worker.identity()["pid"]
        done = {operation.what: operation for operation in journal.operations}
        numbered = [done[what] for what in ("cache", "delete", "store") if what in done]
        if "cache" in done:
            response["Cache-Status"] = cache_status(done["cache"], done.get("store"))
        if numbered:
            response["X-Cache-Sequence"] = ";stored=".join(str(one.sequence) for one in numbered)
            response["X-Cache-Time"] = ";stored=".join(repr(one.at) for one in numbered)
        if "cache" in done and response.status_code == 200:
            response["Server-Timing"] = ", ".join(
                f"{what};dur={done[what].seconds * 1000:.3f}"
                for what in ("cache", "origin", "store")
                if what in done
            )
        return response

    return middleware


def cache_status(lookup, store):
    """The header of RFC 9211."""
    if lookup.outcome == "hit":
        return f"{cache.status_name}; hit"
    why = "fwd=bypass" if lookup.outcome == "error" else f"fwd=miss; detail={lookup.outcome}"
    return f"{cache.status_name}; {why}{'; stored' if store and store.stored else ''}"
