"""The database that a miss has to ask, by Django's own connection. The same questions as origin/database.ts."""

import time

from django.db import connection
from django.db.backends.signals import connection_created

from journal import journal, tally
from launch import SETTINGS

USER_PAGE = """
  SELECT users.id, users.name, users.version,
    count(orders.id) AS orders,
    coalesce(sum(orders.cents), 0) AS spentCents,
    coalesce(cast(avg(orders.cents) AS INTEGER), 0) AS averageCents,
    coalesce(max(orders.cents), 0) AS largestCents,
    max(orders.day) AS lastOrderDay
  FROM users LEFT JOIN orders ON +orders.user_id = users.id
  WHERE users.id = %s
  GROUP BY users.id"""
RENAME = "UPDATE users SET name = %s, version = version + 1 WHERE id = %s RETURNING version"


def user_page(user_id):
    """The page as the database computes it; `None` when there is no such user."""
    with journal.also("origin"):
        tally.add("originQueries")
        names, row = ask(USER_PAGE, [user_id])
        return row and dict(zip(names, row))


def rename_user(user_id, name):
    """Raises the version and gives it; `None` when there is no such user."""
    _, row = ask(RENAME, [name, user_id])
    return row and row[0]


def ask(question, given):
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        row = cursor.fetchone()
        names = [column[0] for column in cursor.description]
    if SETTINGS["originDelayMillis"] > 0:
        time.sleep(SETTINGS["originDelayMillis"] / 1000)
    return names, row


def must_answer():
    """@raise: django.db.Error, before anybody is served, when there is no such database"""
    ask("SELECT count(*) FROM users", [])


def as_for_the_server_in_typescript(connection, **_):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA automatic_index = OFF")
        cursor.execute("PRAGMA cache_size = -16000")
        if connection.alias == "cache":
            cursor.execute("PRAGMA synchronous = OFF")


connection_created.connect(as_for_the_server_in_typescript)
