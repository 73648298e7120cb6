"""Which addresses on the network are everybody's, and which are somebody's own."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_UNICAST = ip_network("2000::/3")
"""All of IPv6 that is handed out for public use (RFC 4291, section 2.4; the IANA registry)."""
_NAT64 = ip_network("64:ff9b::/96")
"""An IPv4 address in the last 32 bits (RFC 6052, section 2.1)."""


def is_public(text: str) -> bool:
    """Tell whether a resolved address (never a name) is one that strangers may be led to.

    `is_global` alone is not enough: in Python 3.11 it is true of multicast, site-local, and of
    loopback wrapped as 6to4 or NAT64. Raises ValueError for what is no address.
    """
    address = ip_address(text)
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    if (inner := _wrapped(address)) is not None:
        return is_public(str(inner))
    return address in _UNICAST and address.is_global and address.teredo is None


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one only wraps."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
