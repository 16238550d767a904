"""
Which IP addresses are on the public internet.

Python's own `is_global` is not enough for a security decision: in 3.11 it counts multicast, site-local and several
transition ranges as global, and an IPv6 address may carry a private IPv4 address inside. So an IPv6 address must lie
in global unicast space, and one that embeds an IPv4 address is judged by that.

Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 4291 (mapped), RFC 3056 (6to4), RFC 6052 and
RFC 8215 (NAT64), RFC 5214 (ISATAP).
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_V4_EXTRA = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays: whoever answers decides where it goes
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_V6_SPECIAL = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID, benchmarking and other protocol assignments
        "2001:db8::/32",
        "3fff::/20",
    )
)
# The interface part of an ISATAP address: this, then an IPv4 address of the local site.
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(address: str) -> bool:
    """Whether a numeric address is on the public internet; false for anything that is no plain address."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return _is_public_v6(parsed)
    return parsed is not None and _is_public_v4(parsed)


def is_loopback(address: str) -> bool:
    """Whether a numeric address is this machine itself. An IPv4-mapped one counts as what it carries."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped.is_loopback
    return parsed is not None and parsed.is_loopback


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    # A zone ("fe80::1%eth0") ties an address to one network card: nothing public needs that.
    return None if isinstance(parsed, IPv6Address) and parsed.scope_id else parsed


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not any(address in network for network in _V4_EXTRA)


def _is_public_v6(address: IPv6Address) -> bool:
    embedded = address.ipv4_mapped or address.sixtofour
    if address in _NAT64:
        embedded = IPv4Address(int(address) & 0xFFFFFFFF)
    if embedded is not None:
        return _is_public_v4(embedded)
    if address not in _GLOBAL_UNICAST or any(address in network for network in _V6_SPECIAL):
        return False
    return address.is_global and (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP
