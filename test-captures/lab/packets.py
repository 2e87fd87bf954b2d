# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets and pcapng files, byte by byte. The inner layers are strings of bytes that the outer ones wrap.

Nothing here depends on the time or on chance, so that the same program writes the same files everywhere.
"""

import ipaddress
import struct

ICMP, IP_IN_IP, TCP, UDP, IPV6_IN_IP, GRE, ICMP6 = 1, 4, 6, 17, 41, 47, 58

ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_ETHERNET = 0x0800, 0x86DD, 0x6558

LINK_NULL, LINK_ETHERNET, LINK_RAW, LINK_80211, LINK_SLL, LINK_SLL2 = 0, 1, 101, 105, 113, 276

FLAGS = {"F": 0x01, "S": 0x02, "R": 0x04, "P": 0x08, "A": 0x10, "U": 0x20, "E": 0x40, "C": 0x80}

CLOUD_MAC = bytes.fromhex("0200000f0001")
EXTERNAL_MAC = bytes.fromhex("0200000f0002")
CLOUD_NETWORKS = [ipaddress.ip_network("203.0.113.0/24"), ipaddress.ip_network("2001:db8:c::/64")]


def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total >> 16) + (total & 0xFFFF)
    return ~total & 0xFFFF


def packed(address):
    return ipaddress.ip_address(address).packed


def is_ipv6(address):
    return ":" in address


# --- Internet protocols -----------------------------------------------------------------------------------------


def ipv4(source, destination, protocol, payload, identification=0, fragment=0, length=None):
    """`fragment` is the field of flags and offset; `length` a total length that lies."""
    head = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, length or 20 + len(payload), identification, fragment, 64, protocol, 0,
        packed(source), packed(destination),
    )  # fmt: skip
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6(source, destination, next_header, payload):
    return struct.pack("!IHBB", 6 << 28, len(payload), next_header, 64) + packed(source) + packed(destination) + payload


def ip(source, destination, protocol, payload):
    return (ipv6 if is_ipv6(source) else ipv4)(source, destination, protocol, payload)


def pseudo_header(source, destination, protocol, length):
    return packed(source) + packed(destination) + struct.pack("!II", length, protocol)


def tcp(source, destination, ports, flags, sequence, acknowledgement=0, data=b""):
    bits = sum(FLAGS[flag] for flag in flags)
    head = struct.pack("!HHIIBBHHH", *ports, sequence, acknowledgement, 5 << 4, bits, 64240, 0, 0)
    total = checksum(pseudo_header(source, destination, TCP, 20 + len(data)) + head + data)
    return head[:16] + struct.pack("!H", total) + head[18:] + data


def udp(source, destination, ports, data):
    length = 8 + len(data)
    head = struct.pack("!HHHH", *ports, length, 0)
    total = checksum(pseudo_header(source, destination, UDP, length) + head + data)
    return ip(source, destination, UDP, head[:6] + struct.pack("!H", total) + data)


def icmp(source, destination, kind, code, quote, rest=0):
    """An ICMP or ICMPv6 error that quotes a packet, by the family of its addresses."""
    body = struct.pack("!BBHI", kind, code, 0, rest) + quote
    if is_ipv6(source):
        total = checksum(pseudo_header(source, destination, ICMP6, len(body)) + body)
        protocol = ICMP6
    else:
        total = checksum(body)
        protocol = ICMP
    return ip(source, destination, protocol, body[:2] + struct.pack("!H", total) + body[4:])


class Connection:
    """A TCP connection whose packets are made one after the other; it keeps the sequence numbers."""

    def __init__(self, client, client_port, server, server_port, client_isn=1000, server_isn=5000):
        self.client, self.server = client, server
        self.client_port, self.server_port = client_port, server_port
        self.client_next, self.server_next = client_isn, server_isn

    def from_client(self, flags, data=b""):
        acknowledgement = self.server_next if "A" in flags else 0
        ports = (self.client_port, self.server_port)
        segment = tcp(self.client, self.server, ports, flags, self.client_next, acknowledgement, data)
        self.client_next += len(data) + ("S" in flags) + ("F" in flags)
        return ip(self.client, self.server, TCP, segment)

    def from_server(self, flags, data=b""):
        acknowledgement = self.client_next if "A" in flags else 0
        ports = (self.server_port, self.client_port)
        segment = tcp(self.server, self.client, ports, flags, self.server_next, acknowledgement, data)
        self.server_next += len(data) + ("S" in flags) + ("F" in flags)
        return ip(self.server, self.client, TCP, segment)

    def opened(self):
        return [self.from_client("S"), self.from_server("SA"), self.from_client("A")]

    def talk(self, greeting=b"SSH-2.0-lab\r\n"):
        return [self.from_server("PA", greeting), self.from_client("A"), self.from_client("PA", greeting)]

    def closed(self):
        return [self.from_client("FA"), self.from_server("FA"), self.from_client("A")]

    def whole(self):
        return self.opened() + self.talk() + self.closed()

    def reset_by_closed_port(self):
        """The RST of a host without a listener: sequence number 0, everything acknowledged."""
        ports = (self.server_port, self.client_port)
        segment = tcp(self.server, self.client, ports, "RA", 0, self.client_next)
        return ip(self.server, self.client, TCP, segment)


# --- link layers and tunnels ------------------------------------------------------------------------------------


def ethertype(packet):
    return ETHERTYPE_IPV6 if packet[0] >> 4 == 6 else ETHERTYPE_IPV4


def source_of(packet):
    return ipaddress.ip_address(packet[8:24] if packet[0] >> 4 == 6 else packet[12:16])


def macs(packet):
    """Destination and source: whatever a cloud address sends comes from the router of the data centre."""
    if any(source_of(packet) in network for network in CLOUD_NETWORKS):
        return EXTERNAL_MAC + CLOUD_MAC
    return CLOUD_MAC + EXTERNAL_MAC


def ethernet(packet, tags=()):
    """`tags` are (ethertype, identifier) of VLAN tags, outermost first."""
    tagged = b"".join(struct.pack("!HH", kind, identifier) for kind, identifier in tags)
    return macs(packet) + tagged + struct.pack("!H", ethertype(packet)) + packet


def ethernet_carrying(kind, payload):
    """An Ethernet frame whose payload is no IP packet."""
    return EXTERNAL_MAC + CLOUD_MAC + struct.pack("!H", kind) + payload


# --- pcapng -----------------------------------------------------------------------------------------------------

SECTION_HEADER, INTERFACE, NAME_RESOLUTION, ENHANCED_PACKET = 0x0A0D0D0A, 1, 4, 6
FIRST_TIMESTAMP = 1767225600_000000  # 2026-01-01 00:00 UTC, in microseconds
BETWEEN_PACKETS = 10_000


def padded(data):
    return data + bytes(-len(data) % 4)


def block(kind, body):
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


class Capture:
    """A pcapng file in the making. Packets are 10 ms apart unless time is let pass."""

    def __init__(self, link_type=LINK_ETHERNET):
        self.now = FIRST_TIMESTAMP
        header = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
        interface = struct.pack("<HHI", link_type, 0, 262144)
        self.blocks = [block(SECTION_HEADER, header), block(INTERFACE, interface)]

    def wait(self, seconds):
        self.now += int(seconds * 1_000_000)

    def add(self, frame, captured=None):
        """`captured` is the number of bytes that a snapshot length left of the frame."""
        kept = frame if captured is None else frame[:captured]
        head = struct.pack("<IIIII", 0, self.now >> 32, self.now & 0xFFFFFFFF, len(kept), len(frame))
        self.blocks.append(block(ENHANCED_PACKET, head + padded(kept)))
        self.now += BETWEEN_PACKETS

    def add_all(self, packets, link=ethernet):
        for packet in packets:
            self.add(link(packet))

    def add_names(self, names):
        """A name resolution block, as Wireshark writes it from what it resolved."""
        body = b""
        for address, name in names.items():
            record = packed(address) + name.encode() + b"\0"
            kind = 2 if is_ipv6(address) else 1
            body += struct.pack("<HH", kind, len(record)) + padded(record)
        self.blocks.append(block(NAME_RESOLUTION, body + struct.pack("<HH", 0, 0)))

    def bytes(self):
        return b"".join(self.blocks)
