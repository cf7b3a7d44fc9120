#!/usr/bin/env python3
"""Prints the invalidations in the log of a channel and misses none: it waits for them in XREAD.

    stream_subscriber.py CHANNEL

REDIS_URL names the Redis. It reads the log as nodes with invalidation.transport=stream do, and
works with each transport over Redis. It needs no right to subscribe. It does not print what was
sent by a plain PUBLISH, which is in no log. "* all" means the same as for chain_subscriber.py.
"""
import sys

from chain_subscriber import CHECK_SECONDS, Follower, connected, follow_forever


class Reader(Follower):
    def follow(self):
        while True:
            # A new entry ends the wait. The check reads it, and finds a log that is another one.
            self.check()
            last = self.covered[-1].partition("/")[0] or "0"
            self.server.xread({self.log: last}, count=1, block=int(CHECK_SECONDS * 1000))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    follow_forever(Reader(connected(), sys.argv[1]))
