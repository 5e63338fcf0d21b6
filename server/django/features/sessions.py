"""Logins by django.contrib.sessions, whose sessions lie in this worker's cache. As routes/sessions.ts."""

import json

from django.urls import path
from django.views.decorators.http import require_POST

from users import answer


@require_POST
def login(request):
    request.session["user"] = json.loads(request.body)["user"]
    return answer({"user": request.session["user"]})


def page(request):
    return answer({"user": request.session.get("user")})


urlpatterns = [path("sessions", login), path("sessions/page", page)]
