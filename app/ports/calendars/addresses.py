"""Which addresses are on the public Internet.

Python's own `is_global` lets multicast through, and IPv6 addresses that wrap private IPv4 ones.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")
_SITE_LOCAL = ip_network("fec0::/10")
_SHARED = ip_network("100.64.0.0/10")


def is_public(text: str) -> bool:
    """Tell whether a resolved address (never a name) is one that strangers may be led to."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and (inner := _embedded(address)) is not None:
        return is_public(str(inner))
    if address.is_multicast or address.is_unspecified or not address.is_global:
        return False
    return address not in _SITE_LOCAL if address.version == 6 else address not in _SHARED


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one only wraps."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour
