#!/usr/bin/env python3
"""Prints the invalidations on a channel: those of nodes, and those of other programs.

    subscriber.py CHANNEL
    subscriber.py --sharded CHANNEL    by SSUBSCRIBE too, as nodes with sharded-pubsub do
    subscriber.py 'products:*'         every channel of a pattern, by PSUBSCRIBE

REDIS_URL names the Redis. What is sent while there is no connection is missed without a notice;
chain_subscriber.py reads it afterwards.
"""
import json
import os
import sys
import time

import redis

from messages import read


def show(payload):
    """Returns whether the message could be read."""
    if payload.startswith(b'{"ahead"'):
        return True  # an announcement: the same message comes again, with its position
    try:
        for cache, keys in read(payload):
            print(cache or "?", "all" if keys is None else json.dumps(keys), flush=True)
        return True
    except ValueError as unreadable:
        print("unreadable:", unreadable, file=sys.stderr, flush=True)
        return False


def subscribe(feed, channel, sharded):
    if any(each in channel for each in "*?["):
        feed.psubscribe(channel)
    else:
        feed.subscribe(channel)
    if sharded and hasattr(feed, "ssubscribe"):
        feed.ssubscribe(channel)
    elif sharded:  # python3-redis of Debian 12
        feed.execute_command("SSUBSCRIBE", channel)


def follow(server, channel, sharded):
    with server.pubsub() as feed:
        subscribe(feed, channel, sharded)
        while True:
            event = feed.get_message(timeout=60)
            if event and event["type"] in ("message", "pmessage", "smessage"):
                show(event["data"])
            elif event:
                print("subscribed", flush=True)


if __name__ == "__main__":
    channels = [each for each in sys.argv[1:] if each != "--sharded"]
    if len(channels) != 1:
        sys.exit(__doc__)
    server = redis.Redis.from_url(os.environ.get("REDIS_URL", "redis://localhost:6379"))
    while True:
        try:
            follow(server, channels[0], "--sharded" in sys.argv)
        except redis.RedisError as lost:
            print("cut off:", lost, file=sys.stderr, flush=True)
            time.sleep(1)
