"""Documents read through a cache of their own, and what they weigh in this process. As routes/documents.ts."""

import gc
import tracemalloc

from django.core.cache import caches
from django.urls import path

from control import memory
from users import answer

#: Large enough that a hundred of them stand out in the memory of a process.
DOCUMENT_BYTES = 128 * 1024
cache = caches["documents"]
# From here on Python keeps count of what is in use. The system counts whole pages.
tracemalloc.start()


def document(request, document_id):
    text = cache.get_or_set(f"document_{document_id}", lambda: text_of(document_id))
    return answer({"id": document_id, "bytes": len(text)})


def weight(request):
    entries = len(cache._cache)
    gc.collect()
    return answer(
        {
            "entries": entries,
            "contentBytes": entries * DOCUMENT_BYTES,
            "heapUsedBytes": tracemalloc.get_traced_memory()[0],
            "rssBytes": memory()["rssBytes"],
        }
    )


def text_of(document_id):
    one = f"document {document_id} "
    return (one * (DOCUMENT_BYTES // len(one) + 1))[:DOCUMENT_BYTES]


urlpatterns = [path("documents/<int:document_id>", document), path("documents", weight)]
