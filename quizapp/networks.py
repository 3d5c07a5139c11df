"""Whose turn is counted: the network that a visitor's address belongs to; knows of no limits."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Addresses that cannot be read have one bucket in common: each with its own would have no limit at all.
UNREADABLE = "unreadable"
# IPv4 as phones with IPv6 alone reach it (RFC 6052); the address meant stands in the last four bytes.
NAT64 = IPv6Network("64:ff9b::/96")
LAST_FOUR_BYTES = 2**32 - 1


def network_of(address: str) -> str:
    """What one customer of a network has: an IPv4 address, or 2**64 IPv6 addresses, which cost nothing.

    A port, as some proxies append it, is left out; what is no address is ``UNREADABLE``.

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2:3::4"), network_of("::ffff:192.0.2.7")
    ('192.0.2.7', '2001:db8:1:2::/64', '192.0.2.7')
    >>> network_of("192.0.2.7:5001"), network_of("[2001:db8::1]:443"), network_of("64:ff9b::c000:207")
    ('192.0.2.7', '2001:db8::/64', '192.0.2.7')
    """
    try:
        found = ip_address(_without_port(address.strip()))
    except ValueError:
        return UNREADABLE
    inside = _ipv4_in(found) if isinstance(found, IPv6Address) else found
    return str(inside or ip_network((int(found), 64), strict=False))


def _without_port(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _ipv4_in(found: IPv6Address) -> IPv4Address | None:
    if found in NAT64:
        return IPv4Address(int(found) & LAST_FOUR_BYTES)
    return found.ipv4_mapped
