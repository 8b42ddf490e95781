"""Where a push may go: to public addresses, and to what the office named. Asked of each address that is connected to.

An address that is looked at when a partner is registered may lead elsewhere a minute later, to a database or to a
cloud's own pages of keys behind our firewall. So the name does not matter; what counts is the number dialled.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from watchword.core.errors import WatchwordError

Network = IPv4Network | IPv6Network
_NAT64 = ip_network("64:ff9b::/96")
_EMBEDDING = (_NAT64, ip_network("::/96"))  # the last 32 bits are an IPv4 address


class ForbiddenAddressError(OSError):
    """An endpoint's name leads to an address that pushes may not go to."""


def parse_networks(given: str) -> tuple[Network, ...]:
    """The networks that the setting names. WatchwordError where one of them is none."""
    try:
        return tuple(ip_network(part) for part in given.replace(",", " ").split())
    except ValueError:
        raise WatchwordError(
            "WATCHWORD_PUSH_NETWORKS must be networks such as 10.20.0.0/16, separated by commas."
        ) from None


def is_allowed(address: str, networks: Sequence[Network]) -> bool:
    """Whether a push may go to this IP address: a public one, or one of a network that the office named."""
    return all(
        (ip.is_global and not ip.is_multicast) or any(ip in network for network in networks)
        for ip in _meant(ip_address(address.partition("%")[0]))
    )


def guarded_socket(networks: Sequence[Network]) -> Callable[[tuple[Any, ...]], socket.socket]:
    """Makes sockets for allowed addresses alone, after the name was looked up and right before the connection."""

    def make(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not is_allowed(address[0], networks):
            raise ForbiddenAddressError(ForbiddenAddressError.__doc__)
        return socket.socket(family, kind, protocol)

    return make


def _meant(ip: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The address, or those that it stands for where another is wrapped in it: that is where the packets end."""
    if isinstance(ip, IPv4Address):
        return [ip]
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    wrapped = [ip.sixtofour] if ip.sixtofour else []
    if ip.teredo:
        wrapped += ip.teredo
    if any(ip in network for network in _EMBEDDING) and int(ip) > 1:
        wrapped.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return [ip, *wrapped]
