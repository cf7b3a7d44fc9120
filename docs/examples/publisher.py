#!/usr/bin/env python3
"""Tells every node that keys of a cache are stale, by one PUBLISH outside the chain.

    publisher.py CHANNEL CACHE KEY...    these keys
    publisher.py CHANNEL CACHE           the whole cache
    publisher.py CHANNEL '*'             every cache

A KEY is read as JSON where it is JSON (7, [7,"de"]), else it is a text. REDIS_URL names the Redis.
Nodes with invalidation.transport=stream do not hear a PUBLISH: use chain_publisher.py for them.
"""
import json
import os
import sys

import redis


def stale(cache, keys):
    """Returns the message that names these keys, or the whole cache if there are none."""
    message = {"cache": cache}
    if keys:
        message["keys"] = [parsed(key) for key in keys]
    return json.dumps(message)


def parsed(text):
    # A node tries 7 and "7" as every type of key that the cache uses there, so a guess is enough.
    try:
        return json.loads(text)
    except ValueError:
        return text


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    channel, cache, *keys = sys.argv[1:]
    server = redis.Redis.from_url(os.environ.get("REDIS_URL", "redis://localhost:6379"))
    # A node that is not subscribed at this moment misses it; chain_publisher.py avoids that.
    subscribers = server.publish(channel, stale(cache, keys))
    print(f"{subscribers} subscribers")
    if subscribers == 0:
        sys.exit(f"No node listens on {channel!r}: each node prints its channel when it starts.")
