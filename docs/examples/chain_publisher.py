#!/usr/bin/env python3
"""Publishes stale keys inside the chain: in the log and to the subscribers, in one step.

    chain_publisher.py CHANNEL CACHE KEY...    these keys; the whole cache if there are none

Arguments as for publisher.py. A node that is cut off at this moment reads the message later.
"""
import os
import pathlib
import sys
import uuid

import redis

from publisher import stale

# The limits of the log as the nodes have them: invalidation.log.max-length and .max-size, and the
# lifetime that a new log gets until a node checks it.
ENTRIES, BYTES, SECONDS = 10_000, 16 * 1024 * 1024, 7 * 24 * 60 * 60


def log_key(channel):
    """The log has the hash slot of the channel."""
    brace = channel.find("{")
    tagged = brace >= 0 and channel.find("}", brace) > brace + 1
    return channel + ":log" if tagged else "{" + channel + "}:log"


class Chain:
    def __init__(self, server, channel):
        self.channel = channel
        lua = pathlib.Path(__file__).with_name("publish.lua").read_text()
        self.script = server.register_script(lua)

    def publish(self, message, attempts=3):
        """Publishes a JSON object, and returns the id of its entry in the log."""
        for attempt in range(1, attempts + 1):
            # A fresh nonce each time: an attempt without an answer can have been accepted, and two
            # entries with one nonce would look like one. Evicting a key twice does no harm.
            arguments = [self.channel, uuid.uuid4().hex, message, ENTRIES, BYTES, SECONDS]
            try:
                return self.script(keys=[log_key(self.channel)], args=arguments).decode()
            except (redis.ConnectionError, redis.TimeoutError):
                if attempt == attempts:
                    raise


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    server = redis.Redis.from_url(os.environ.get("REDIS_URL", "redis://localhost:6379"))
    print(Chain(server, sys.argv[1]).publish(stale(sys.argv[2], sys.argv[3:])))
