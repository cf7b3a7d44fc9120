"""Reads messages of docs/protocol.md. Keys stay in their JSON form: {"uuid":"..."}, [7,"de"]."""
import base64
import json


def read(payload):
    """Returns pairs: a cache and its stale keys, or None for all of it. "*" is every cache, None
    the short form "cache:key". Raises ValueError for what a node would refuse."""
    try:
        message = json.loads(payload)
        if not message.keys() - {"pos", "prev"}:
            return []
        return list(of_a_node(message) if "v" in message else of_another_program(message))
    except (TypeError, KeyError, AttributeError, RecursionError) as unexpected:
        raise ValueError(repr(unexpected)) from unexpected


def of_a_node(message):
    if message["v"] != 1:
        raise ValueError("unknown version of the envelope")
    for cache, keys in message["caches"].items():
        if message["body"] > 1 or keys == "*":
            yield cache, None  # of a newer body, only the names of the caches are known
        else:
            yield cache, [key for each in listed(keys) for key in unpacked(each)]


def of_another_program(message):
    cache, key = message.get("cache"), message.get("key")
    fields = message.keys() & {"cache", "key", "keys"}
    if fields == {"cache"} and isinstance(cache, str):
        yield cache, None
    elif fields == {"cache", "key"} and isinstance(cache, str) and cache != "*" and key is not None:
        yield cache, [key]
    elif fields == {"cache", "keys"} and isinstance(cache, str) and cache != "*":
        yield cache, listed(message["keys"])
    elif fields == {"key"} and isinstance(key, str):
        yield None, [key]
    else:
        raise ValueError("no form of docs/protocol.md")


def listed(keys):
    if isinstance(keys, list):
        return keys
    raise ValueError("not a list of keys")


def unpacked(key):
    """Yields the key, or each number of an element that stands for many."""
    if not isinstance(key, dict) or key.keys() != {"packed"}:
        yield key
        return
    number = bits = shift = 0
    for byte in base64.b64decode(key["packed"], validate=True):
        bits |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            number += (bits >> 1) ^ -(bits & 1)
            number = (number + 2**63) % 2**64 - 2**63  # wraps around at 64 bits
            yield number
            bits = shift = 0
