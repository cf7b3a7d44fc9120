#!/usr/bin/env python3
"""Sends the messages that outbox.sql leaves in PostgreSQL, inside the chain.

    outbox_worker.py CHANNEL

DATABASE_URL names the PostgreSQL, REDIS_URL the Redis. Several workers may run.
"""
import os
import select
import sys
import time

import psycopg2
import redis

from chain_publisher import Chain

TAKE = """
    DELETE FROM invalidation_outbox WHERE id IN (
      SELECT id FROM invalidation_outbox ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED)
    RETURNING message"""


def send_all(database, chain):
    count = 1
    while count:
        # One transaction: the rows are gone only if each message was accepted. If not, the worker
        # sends them again, and nodes evict a key twice.
        with database, database.cursor() as cursor:
            cursor.execute(TAKE)
            count = cursor.rowcount
            for (message,) in cursor:
                chain.publish(message)


def work(chain):
    database = psycopg2.connect(os.environ.get("DATABASE_URL", ""))
    with database, database.cursor() as cursor:
        cursor.execute("LISTEN invalidation")
    print("listening", flush=True)
    while True:
        # At first, what was left while no worker listened.
        send_all(database, chain)
        database.poll()
        if not database.notifies:  # none came with an answer above
            select.select([database], [], [], 60)
            database.poll()
        database.notifies.clear()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    server = redis.Redis.from_url(os.environ.get("REDIS_URL", "redis://localhost:6379"))
    while True:
        try:
            work(Chain(server, sys.argv[1]))
        except (psycopg2.Error, redis.RedisError) as failure:
            print("trying again:", failure, file=sys.stderr)
            time.sleep(1)
