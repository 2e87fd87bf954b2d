#!/usr/bin/python3
"""compare_mutated.py --proof GROUP --seed NUMBER --captures NUMBER --keep FOLDER PROGRAM CAPTURE...

Spoils captures in many ways, the same for the same seed, and holds what the
PROGRAM (ces-report) says of them against tshark with the plugin. Each one that
makes a difference is cut down to the packets that it needs, and kept.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import gzip
import os
import random
import struct
import sys

from compare_reports import PARTS, Program, Comparison, difference, of_tshark, prove

SETTINGS = [
    "-o", 'uat:ces_sites:"203.0.113.0/24","cloud","any","Data centre"',
    "-o", 'uat:ces_sites:"2001:db8:c::/64","cloud","any","Data centre"',
]  # fmt: skip
A_BATCH = 50


class Packet:
    def __init__(self, link_type, nanoseconds, data, sent):
        self.link_type, self.nanoseconds, self.data, self.sent = link_type, nanoseconds, data, sent

    def copy(self):
        return Packet(self.link_type, self.nanoseconds, self.data, self.sent)


# --- files ----------------------------------------------------------------------------------------------------------


def packets_of(raw):
    """Of a pcap or pcapng file in little-endian order, as the cases and encapsulations are."""
    return packets_of_pcapng(raw) if raw[:4] == b"\n\r\r\n" else packets_of_pcap(raw)


def packets_of_pcap(raw):
    unit = 1 if raw[:4] == b"\x4d\x3c\xb2\xa1" else 1000
    link_type, at, packets = struct.unpack_from("<I", raw, 20)[0], 24, []
    while at + 16 <= len(raw):
        seconds, fraction, captured, sent = struct.unpack_from("<IIII", raw, at)
        packets.append(Packet(link_type, seconds * 10**9 + fraction * unit, raw[at + 16 : at + 16 + captured], sent))
        at += 16 + captured
    return packets


def packets_of_pcapng(raw):
    at, links, packets = 0, [], []
    while at + 12 <= len(raw):
        kind, length = struct.unpack_from("<II", raw, at)
        if kind == 1:
            unit = 1000
            option = at + 16
            while option + 4 <= at + length - 4:
                code, size = struct.unpack_from("<HH", raw, option)
                if code == 9 and raw[option + 4] == 9:
                    unit = 1
                option += 4 + (size + 3) // 4 * 4
            links.append((struct.unpack_from("<H", raw, at + 8)[0], unit))
        elif kind == 6:
            interface, high, low, captured, sent = struct.unpack_from("<IIIII", raw, at + 8)
            link_type, unit = links[interface]
            data = raw[at + 28 : at + 28 + captured]
            packets.append(Packet(link_type, (high << 32 | low) * unit, data, sent))
        at += length
    return packets


def as_pcap(packets, rng):
    order = rng.choice("<>")
    magic, unit = rng.choice(((0xA1B2C3D4, 1000), (0xA1B23C4D, 1)))
    link_type = packets[0].link_type if packets else 1
    data = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link_type)
    for packet in packets:
        seconds, fraction = divmod(packet.nanoseconds, 10**9)
        data += struct.pack(order + "IIII", seconds & 0xFFFFFFFF, fraction // unit, len(packet.data), packet.sent) + packet.data
    return data


def as_pcapng(packets, rng):
    order = rng.choice("<>")

    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack(order + "II", kind, 12 + len(body)) + body + struct.pack(order + "I", 12 + len(body))

    links = list(dict.fromkeys(packet.link_type for packet in packets)) or [1]
    data = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link_type in links:
        options = struct.pack(order + "HHBxxxHH", 9, 1, 9, 0, 0)
        data += block(1, struct.pack(order + "HHI", link_type, 0, 262144) + options)
    for packet in packets:
        time = packet.nanoseconds & 0xFFFFFFFFFFFFFFFF
        head = struct.pack(
            order + "IIIII", links.index(packet.link_type), time >> 32, time & 0xFFFFFFFF, len(packet.data), packet.sent
        )
        data += block(6, head + packet.data)
    return data


# --- faults -----------------------------------------------------------------------------------------------------------

ODD = (0, 1, 4, 5, 6, 7, 8, 15, 19, 20, 22, 25, 40, 41, 43, 44, 47, 50, 51, 53, 58, 59, 60, 64, 108, 127, 128, 129, 137, 254, 255)
PORTS = (22, 25, 53, 587, 6025, 7025, 4789, 6081, 6343, 2002, 6633, 50001)
ETHERTYPES = (0x0800, 0x86DD, 0x8100, 0x88A8, 0x9100, 0x8847, 0x8864, 0x6558, 0x0806, 0x88E7, 0x0000, 0x05DC, 0x0600, 0x8863)


def place(rng, data):
    """Headers stand in front."""
    return min(int(rng.expovariate(1 / 30)), len(data) - 1)


def put(data, at, piece):
    return data[:at] + piece + data[at + len(piece) :]


def spoil_byte(rng, packet):
    at = place(rng, packet.data)
    value = rng.choice((rng.choice(ODD), rng.randrange(256), packet.data[at] ^ 1 << rng.randrange(8), packet.data[at] + 1 & 255))
    packet.data = put(packet.data, at, bytes([value]))


def spoil_number(rng, packet):
    at = place(rng, packet.data)
    value = rng.choice((rng.choice(PORTS), rng.choice(ETHERTYPES), len(packet.data) - at, len(packet.data) - at + 4, rng.randrange(65536)))
    packet.data = put(packet.data, at, struct.pack("!H", value & 0xFFFF))[: len(packet.data)]


def spoil_flags(rng, packet):
    """Of TCP, if this is TCP in IPv4 in Ethernet; elsewhere of something else."""
    at = 14 + 33
    if len(packet.data) > at:
        packet.data = put(packet.data, at, bytes([rng.choice((0, 1, 2, 4, 16, 17, 18, 20, 24, rng.randrange(256)))]))


def cut_captured(rng, packet):
    packet.data = packet.data[: rng.randrange(len(packet.data) + 1)]


def cut_wire(rng, packet):
    packet.data = packet.data[: rng.randrange(len(packet.data) + 1)]
    packet.sent = len(packet.data)


def lie_on_length(rng, packet):
    packet.sent = rng.choice((0, len(packet.data) - 1, len(packet.data) + 4, len(packet.data) + 1000, rng.randrange(1 << 16))) & 0x7FFFFFFF


def insert(rng, packet):
    at = place(rng, packet.data)
    piece = bytes(rng.randrange(256) for _ in range(rng.choice((1, 2, 4, 8))))
    packet.data = packet.data[:at] + piece + packet.data[at:]
    packet.sent += len(piece)


def remove(rng, packet):
    at = place(rng, packet.data)
    length = min(rng.choice((1, 2, 4, 8)), len(packet.data) - at)
    packet.data = packet.data[:at] + packet.data[at + length :]
    packet.sent = max(packet.sent - length, 0)


def append(rng, packet):
    length = rng.choice((1, 2, 4, 6, 18))
    packet.data += bytes(rng.randrange(256) for _ in range(length))
    packet.sent = max(packet.sent, 0) + length


def move_in_time(rng, packet):
    seconds = rng.choice((-1, 1, -3600, 3600, 4, 0.05, 2**31, -(2**31)))
    packet.nanoseconds = max(packet.nanoseconds + int(seconds * 10**9), 0)


FRAME_FAULTS = (spoil_byte,) * 8 + (spoil_number,) * 5 + (
    spoil_flags, spoil_flags, cut_captured, cut_captured, cut_wire, lie_on_length, insert, remove, append, move_in_time,
)  # fmt: skip


def swap(rng, packets):
    first, second = rng.randrange(len(packets)), rng.randrange(len(packets))
    packets[first], packets[second] = packets[second], packets[first]


def double(rng, packets):
    packets.insert(rng.randrange(len(packets)), rng.choice(packets).copy())


def drop(rng, packets):
    del packets[rng.randrange(len(packets))]


def relabel(rng, packets):
    rng.choice(packets).link_type = rng.choice((0, 1, 9, 12, 101, 105, 108, 113, 228, 229, 276, 107, 104, 127))


LIST_FAULTS = (swap, swap, double, drop, drop, relabel)


def spoil_packets(rng, packets):
    names = []
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        if not packets:
            break
        if rng.randrange(5) == 0:
            fault = rng.choice(LIST_FAULTS)
            fault(rng, packets)
            names.append(fault.__name__)
            continue
        number = rng.randrange(len(packets))
        fault = rng.choice(FRAME_FAULTS)
        if packets[number].data:
            fault(rng, packets[number])
            names.append(f"{fault.__name__} {number + 1}")
    return names


def spoil_file(rng, raw):
    """Below the packets: the file itself."""
    kind = rng.randrange(4)
    if kind == 0:
        return raw[: rng.randrange(len(raw))], "file cut"
    if kind == 1:
        return gzip.compress(raw, mtime=0)[: rng.randrange(40, 4000)], "compressed file cut"
    at = rng.randrange(0, len(raw) // 4) * 4
    if kind == 2:
        return put(raw, at, bytes(rng.choice(((0,) * 4, (255,) * 4, (0, 0, 0, 1), (1, 0, 0, 0))))), f"four bytes at {at}"
    return put(raw, at, bytes([rng.randrange(256)])), f"one byte at {at}"


def spoiled(rng, bases):
    """Packets (None if the file itself was spoiled), the file, and how it came about."""
    name, raw = rng.choice(bases)
    if rng.randrange(6) == 0:
        data, how = spoil_file(rng, raw)
        return None, data, f"{name}: {how}"
    packets = packets_of(raw)
    if len(packets) > 40:
        start = rng.randrange(len(packets) - 40)
        packets = packets[start : start + 40]
    if rng.randrange(8) == 0:
        packets += packets_of(rng.choice(bases)[1])[:20]
    how = spoil_packets(rng, packets)
    write = rng.choice((as_pcap, as_pcapng))
    if len({packet.link_type for packet in packets}) > 1:
        write = as_pcapng
    return packets, write(packets, rng), f"{name}: {', '.join(how)}"


# --- comparing ----------------------------------------------------------------------------------------------------------


class Search(Comparison):
    """As the comparison of whole captures; what differs is made smaller first."""

    def __init__(self, program, keep, folder):
        super().__init__(program, keep)
        self.folder, self.made = folder, {}

    def batch(self, seeds, bases):
        captures = []
        for seed in seeds:
            packets, data, how = spoiled(random.Random(seed), bases)
            path = os.path.join(self.folder, f"seed-{seed}.cap")
            self.made[path] = (packets, how)
            captures.append(self.write(path, data))
        self.compare(captures, SETTINGS)
        for path in captures:
            os.remove(path)

    @staticmethod
    def write(path, data):
        with open(path, "wb") as file:
            file.write(data)
        return path

    def tell(self, capture, text):
        packets, how = self.made.get(capture, (None, ""))
        super().tell(capture, f"  {how}\n{text}")

    def keep_both(self, capture, settings, expected, found, said):
        packets, _ = self.made[capture]
        if packets:
            expected, found = self.smaller(capture, packets, expected, found)
        super().keep_both(capture, settings, expected, found, said)

    def both(self, path):
        expected, _, _ = of_tshark(path, SETTINGS)
        found = {}
        for part in self.program.parts:
            found[part] = self.program.report(part, [path], SETTINGS)[0][path]
        return expected, found

    def smaller(self, capture, packets, expected, found):
        """Leaves out packets, as long as a difference remains."""
        size, tries = max(len(packets) // 2, 1), 0
        while tries < 60:
            start = 0
            while start < len(packets) and tries < 60:
                fewer = packets[:start] + packets[start + size :]
                self.write(capture, as_pcapng(fewer, random.Random(0)))
                now = self.both(capture)
                tries += 1
                if any(difference(part, now[0][part], now[1][part]) for part in self.program.parts):
                    packets, (expected, found) = fewer, now
                else:
                    start += size
            if size == 1:
                break
            size //= 2
        self.write(capture, as_pcapng(packets, random.Random(0)))
        now = self.both(capture)
        if any(difference(part, now[0][part], now[1][part]) for part in self.program.parts):
            return now
        return expected, found


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--proof", required=True)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--captures", type=int, default=200)
    arguments.add_argument("--keep", required=True)
    arguments.add_argument("--engine")
    arguments.add_argument("--part", action="append", choices=PARTS)
    arguments.add_argument("--folder", required=True)
    arguments.add_argument("program")
    arguments.add_argument("bases", nargs="+")
    asked = arguments.parse_args()
    prove(asked.proof)
    bases = []
    for path in sorted(asked.bases):
        with open(path, "rb") as file:
            bases.append((os.path.basename(path), file.read()))
    search = Search(Program(asked.program, asked.engine, asked.part), asked.keep, asked.folder)
    for first in range(asked.seed, asked.seed + asked.captures, A_BATCH):
        search.batch(range(first, min(first + A_BATCH, asked.seed + asked.captures)), bases)
    print(
        f"{search.captures} spoiled captures (seeds {asked.seed} to {asked.seed + asked.captures - 1}) compared with "
        f"{search.connections} connections, {len(set(search.differing))} differ"
    )
    sys.exit(1 if search.differing or not search.connections else 0)


main()
