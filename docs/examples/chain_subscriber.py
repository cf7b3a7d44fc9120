#!/usr/bin/env python3
"""Prints the invalidations on a channel and misses none: it follows the chain, as nodes do.

    chain_subscriber.py CHANNEL
    chain_subscriber.py --sharded CHANNEL    by SSUBSCRIBE too, as nodes with sharded-pubsub do

REDIS_URL names the Redis. A program that caches values evicts where this one prints. "* all" is
printed at the start, and when messages may be lost for good: then it clears everything.
"""
import collections
import json
import os
import re
import sys
import time

import redis

from chain_publisher import log_key
from messages import read
from subscriber import show, subscribe

CHECK_SECONDS = float(os.environ.get("CHECK_SECONDS", "2"))
PAGE = 500


class Follower:
    def __init__(self, server, channel, sharded=False):
        self.server, self.channel, self.log = server, channel, log_key(channel)
        self.sharded = sharded
        self.server_id = None
        # The positions whose messages, and all messages before them, were handled; newest last.
        self.covered = collections.deque(maxlen=8192)

    def follow(self):
        """Returns only by an exception; the next call reads what was missed in between."""
        with self.server.pubsub() as feed:
            subscribe(feed, self.channel, self.sharded)
            next_check = float("inf")  # the first check follows the subscription
            while True:
                event = feed.get_message(timeout=CHECK_SECONDS / 4)
                subscribed = event is not None and event["type"] in ("subscribe", "ssubscribe")
                if event is not None and event["type"] in ("message", "smessage"):
                    self.receive(event["data"])
                if subscribed or time.monotonic() >= next_check:
                    self.check()
                    next_check = time.monotonic() + CHECK_SECONDS

    def receive(self, payload):
        position, predecessor = place(payload)
        if position is not None and position in self.covered:
            return  # was read from the log before it was delivered
        if position is not None and self.covered and predecessor != self.covered[-1]:
            print("gap before", position, file=sys.stderr, flush=True)
            self.read_log()
            if position in self.covered:
                return
            position = None  # not in the log, so not a part of the chain
        # A message of the chain that cannot be read leaves a gap, which the next one shows.
        if show(payload) and position is not None and self.covered:
            self.covered.append(position)

    def check(self):
        """Compares the newest position with what was received: the last message can be missing."""
        with self.server.pipeline(transaction=True) as together:
            together.info("server").info("replication").xrevrange(self.log, count=1)
            process, replication, newest = together.execute()
        # A new master can lack messages that the old one accepted, also some that were missed here.
        server_id = process.get("run_id"), replication.get("master_replid")
        if not self.covered or server_id != self.server_id:
            self.start_over(newest)
        elif tip_of(newest) not in self.covered:
            self.read_log()
        self.server_id = server_id

    def read_log(self):
        """Handles the entries after the last covered one, which must still be in the log."""
        known, complete = True, False
        while known and not complete:
            head = self.covered[-1]
            first = head.partition("/")[0] or "-"
            entries = self.server.xrange(self.log, min=first, count=PAGE)
            known = bool(entries) and entry_position(entries[0]) == head
            for entry in entries[1:] if known else []:
                known = known and show(entry[1].get(b"m", b"{}"))
                self.covered.append(entry_position(entry))
            complete = len(entries) < PAGE
        if not known:
            self.start_over(self.server.xrevrange(self.log, count=1))

    def start_over(self, newest):
        """The newest entry was read before this clears; later messages are handled as usual."""
        print("* all", flush=True)
        self.covered.clear()
        self.covered.append(tip_of(newest))


def place(payload):
    """Returns the position of a message and of its predecessor; None if it has no position."""
    try:
        message = json.loads(payload)
        return message.get("pos"), message.get("prev")
    except (ValueError, AttributeError, RecursionError):
        return None, None


def tip_of(newest):
    return entry_position(newest[0]) if newest else ""  # "" is before the first entry of a log


def entry_position(entry):
    nonce = entry[1].get(b"n", b"").decode(errors="replace")
    valid = re.fullmatch("[A-Za-z0-9_-]{1,64}", nonce)
    return entry[0].decode() + "/" + (nonce if valid else "")


def connected():
    url = os.environ.get("REDIS_URL", "redis://localhost:6379")
    return redis.Redis.from_url(url, socket_timeout=5)


def follow_forever(follower):
    while True:
        try:
            follower.follow()
        except redis.RedisError as lost:
            print("cut off:", lost, file=sys.stderr, flush=True)
            time.sleep(0.5)


if __name__ == "__main__":
    channels = [each for each in sys.argv[1:] if each != "--sharded"]
    if len(channels) != 1:
        sys.exit(__doc__)
    follow_forever(Follower(connected(), channels[0], "--sharded" in sys.argv))
