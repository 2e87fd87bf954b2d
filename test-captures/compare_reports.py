#!/usr/bin/python3
"""compare_reports.py --proof GROUP [--keep FOLDER] [--engine ENGINE] [--part PART]... PROGRAM GROUP...

Holds what the PROGRAM (ces-report) says of captures against what tshark says
that has the plugin loaded, byte for byte: flows and pairs, as text, CSV and
JSON. Left aside are `stream`, the number of Wireshark's own, and the capture's
name. With the group --proof it proves first that it would find a difference. A
GROUP is a folder with `settings` (an argument a line; may be missing) and
`captures`; its flows are reported by one process. What differs is printed,
and with --keep copied into FOLDER together with both reports.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import bz2
import concurrent.futures
import contextlib
import difflib
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile

REPORTS = ("flows", "pairs")
FORMATS = ("text", "csv", "json")
PARTS = [f"{report}.{format}" for report in REPORTS for format in FORMATS]

# How each part begins.
BEGINNINGS = [
    ("flows.json", re.compile(rb'\{"stream":')),
    ("pairs.json", re.compile(rb'\{"sma":')),
    ("flows.csv", re.compile(rb"stream,first_frame,")),
    ("pairs.csv", re.compile(rb"sma\.address,")),
    ("flows.text", re.compile(rb" *Packet +Verdict |No connection on a CES port")),
    ("pairs.text", re.compile(rb"SMA .* and ESA |No connection that ties ")),
]
SECONDS = 300
TSHARK = os.environ.get("TSHARK", "tshark")


def run(command, seconds=SECONDS):
    """Its output, its messages and its exit status; of one that hangs, None."""
    if not shutil.which(command[0]):
        sys.exit(f"{command[0]}: cannot be run")
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return b"", b"took too long\n", None
    return done.stdout, done.stderr, done.returncode


# --- tshark -------------------------------------------------------------------------------------------------------


def take_apart(output):
    """A run of tshark is mostly its start, so one run gives all reports. Of one part all lines follow each other."""
    parts, part = {name: [] for name in PARTS}, None
    for line in output.splitlines(keepends=True):
        part = next((name for name, beginning in BEGINNINGS if beginning.match(line)), part)
        if part:
            parts[part].append(line)
    return {name: b"".join(lines) for name, lines in parts.items()}


def tap(part):
    report, kind = part.split(".")
    return ["-z", f"ces,{report}" + ("" if kind == "text" else f",{kind}")]


@contextlib.contextmanager
def readable(capture):
    """The capture, or what it is decompressed where Wireshark cannot do that itself."""
    openers = {".xz": lzma.open, ".bz2": bz2.open}
    opener = openers.get(os.path.splitext(capture)[1])
    if not opener:
        yield capture
        return
    with opener(capture) as compressed, tempfile.NamedTemporaryFile() as plain:
        shutil.copyfileobj(compressed, plain)
        plain.flush()
        yield plain.name


def of_tshark(capture, settings):
    taps = [argument for part in PARTS for argument in tap(part)]
    with readable(capture) as file:
        output, said, status = run([TSHARK, "-q", "-r", file, *settings, *taps])
    return take_apart(output), said, status


# --- ces-report ---------------------------------------------------------------------------------------------------


def by_capture(kind, output, names):
    """One report on several captures, as one of each; of one capture alone nothing need be labelled. What belongs to
    none is an error."""
    parts, strays, name = {name: [] for name in names}, [], names[0] if len(names) == 1 else None
    lines = output.splitlines(keepends=True)
    if kind == "csv" and lines and not lines[0].startswith(b"capture,"):
        kind = "lines"
    for number, line in enumerate(lines):
        if kind == "json":
            label, line = without_name(line)
            name = label or (names[0] if len(names) == 1 else None)
        elif kind == "csv":
            label, _, line = line.partition(b",")
            if number == 0:
                for part in parts.values():
                    part.append(line)
                continue
            name = os.fsdecode(label)
        elif kind == "text":
            if line == b"== All captures ==\n":  # what is said of them together
                break
            head = re.fullmatch(rb"== (.*) ==\n", line)
            if head and os.fsdecode(head[1]) in parts:
                name = os.fsdecode(head[1])
                continue
            if re.match(rb"\d+ captures, ", line):
                continue
        (parts[name] if name in parts else strays).append(line)
    return {name: b"".join(lines) for name, lines in parts.items()}, b"".join(strays)


def without_name(line):
    """The capture's name, and the record that tshark would print."""
    start = b'{"capture":'
    if not line.startswith(start):
        return None, line
    rest = line[len(start) :].decode()
    name, end = json.JSONDecoder().raw_decode(rest)
    return name, b"{" + rest[end + 1 :].encode()


class Program:
    def __init__(self, path, engine=None, parts=None):
        self.command = [path] + (["--engine", engine] if engine else [])
        self.parts = parts or PARTS

    def report(self, part, captures, settings):
        """Of each capture the wanted part; then what was wrong with the run itself, or nothing."""
        report, kind = part.split(".")
        command = self.command + settings + ["-f", kind] + (["-p"] if report == "pairs" else []) + captures
        output, said, status = run(command, SECONDS * 4)
        parts, strays = by_capture(kind, output, captures)
        wrong = []
        if status not in (0, 1, 2, 3):  # None: it took too long
            wrong.append(f"exit status {status}")
        if strays.strip():
            wrong.append(f"belongs to no capture: {strays[:200]!r}")
        return parts, said, wrong


# --- comparing ----------------------------------------------------------------------------------------------------


# Where a change began: only a report on captures with names tells it.
BEGAN = re.compile(rb",\s+from\s+packet\s+\d+\s+of\s(?:[^\n]|\n +)*?\s+on\)")


def comparable(part, data, is_named=False):
    """The lines, without what may differ. `is_named`: the report on captures told where a change began."""
    if part == "flows.json":
        data = re.sub(rb'(?m)^\{"stream":(?:\d+|null),', b"{", data)
    elif part == "flows.csv":
        data = re.sub(rb"(?m)^(?:\d*|stream),", b"", data)
    elif part == "pairs.json":
        data = re.sub(rb'"capture":"(?:[^"\\]|\\.)*"', b'"capture":""', data)
    elif part.endswith(".text"):
        data = data.rstrip(b"\n") + b"\n"
    if is_named and part == "pairs.text":
        data = re.sub(rb"\s+", b" ", data)
    if is_named:
        data = BEGAN.sub(b")", data)
    if is_named and part == "pairs.csv":
        data = data.replace(b'"', b"")
    return data.splitlines()


def difference(part, expected, found):
    """Lines that tell what differs, or nothing."""
    is_named = bool(BEGAN.search(found))
    expected, found = comparable(part, expected, is_named), comparable(part, found, is_named)
    if expected == found or (part.endswith(".csv") and not found and len(expected) == 1):
        return []
    texts = [[line.decode("utf-8", "backslashreplace") for line in lines] for lines in (expected, found)]
    return list(difflib.unified_diff(*texts, "tshark", "ces-report", lineterm="", n=0))


def shown(lines, most=8, width=400):
    """The first lines of a difference; of two long lines from where they differ."""
    lines = lines[2:]
    for i in range(len(lines) - 1):
        if lines[i][:1] == "-" and lines[i + 1][:1] == "+":
            common = len(os.path.commonprefix([lines[i][1:], lines[i + 1][1:]]))
            if common > 160:
                for j in (i, i + 1):
                    lines[j] = lines[j][0] + "..." + lines[j][1 + common - 120 :]
    return "".join(f"    {line[:width]}\n" for line in lines[:most])


def spoiled(part, data):
    """The report with one byte of its last record changed, and without that record."""
    lines = data.rstrip(b"\n").split(b"\n")
    last = lines[-1]
    middle = len(last) // 2
    changed = last[:middle] + bytes([last[middle] ^ 1]) + last[middle + 1 :]
    for replaced in ([changed], []):
        yield b"\n".join(lines[:-1] + replaced) + b"\n"


def prove(folder):
    """That a difference would be found, and that one run of tshark says what several say. Of a capture with a pair."""
    (capture,), settings = group_of(folder)
    expected, _, _ = of_tshark(capture, settings)
    if not expected["pairs.json"]:
        sys.exit("blind: tshark reports no pair where there is one")
    for part in PARTS:
        alone, _, _ = run([TSHARK, "-q", "-r", capture, *settings, *tap(part)])
        if alone != expected[part]:
            sys.exit(f"blind: {part} is not told apart from the other reports:\n{alone}\n{expected[part]}")
        if difference(part, expected[part], expected[part]):
            sys.exit(f"blind: {part} differs from itself")
        for wrong in spoiled(part, expected[part]):
            if not difference(part, expected[part], wrong):
                sys.exit(f"blind: a changed record of {part} is not found")


def group_of(folder):
    """Its captures and its settings."""
    settings = []
    if os.path.exists(os.path.join(folder, "settings")):
        with open(os.path.join(folder, "settings"), encoding="utf-8") as file:
            settings = file.read().splitlines()
    within = os.path.join(folder, "captures")
    return [os.path.join(within, name) for name in sorted(os.listdir(within))], settings


class Comparison:
    def __init__(self, program, keep):
        self.program, self.keep = program, keep
        self.captures = self.connections = self.pairs = 0
        self.differing = []

    def compare(self, captures, settings):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            tshark = dict(zip(captures, pool.map(lambda capture: of_tshark(capture, settings), captures)))
            alone = [part for part in self.program.parts if part.startswith("pairs")]
            pairs = [(part, [capture]) for part in alone for capture in captures]
            flows = [(part, captures) for part in self.program.parts if part.startswith("flows")]
            jobs = flows + pairs
            results = list(pool.map(lambda job: self.program.report(*job, settings), jobs))
        found = {capture: {} for capture in captures}
        messages = {capture: b"" for capture in captures}
        for (part, asked), (parts, said, wrong) in zip(jobs, results):
            if wrong:
                self.tell(asked[0] if len(asked) == 1 else "all captures", f"  {part}: {'; '.join(wrong)}\n")
            for capture, data in parts.items():
                found[capture][part] = data
                messages[capture] += b"".join(
                    line for line in said.splitlines(keepends=True) if os.fsencode(capture) in line
                )
        for capture in captures:
            self.judge(capture, settings, tshark[capture], found[capture], messages[capture])

    def judge(self, capture, settings, of_wireshark, found, said):
        expected, complaint, status = of_wireshark
        if status is None or status < 0 or not any(expected.values()):
            if any(comparable("flows.json", found.get("flows.json", b""))):
                why = complaint[-300:].decode(errors="replace")
                self.tell(capture, f"  tshark says nothing ({why}), ces-report does\n")
            return
        self.captures += 1
        self.connections += len(expected["flows.json"].splitlines())
        self.pairs += len(expected["pairs.json"].splitlines())
        told = ""
        for part in self.program.parts:
            lines = difference(part, expected[part], found[part])
            if lines:
                told += f"  {part}\n{shown(lines)}"
        if told:
            words = ["said: " + line for line in said.decode(errors="replace").splitlines()]
            self.tell(capture, told + shown(["", ""] + words, 3))
            self.keep_both(capture, settings, expected, found, said)

    def tell(self, capture, text):
        self.differing.append(capture)
        print(f"differs: {os.path.basename(capture)}\n{text}", end="", flush=True)

    def keep_both(self, capture, settings, expected, found, said):
        if not self.keep:
            return
        name = os.path.basename(capture)
        folder = os.path.join(self.keep, name)
        os.makedirs(folder, exist_ok=True)
        shutil.copyfile(capture, os.path.join(folder, name))
        quoted = " ".join("'" + argument + "'" for argument in settings)
        with open(os.path.join(folder, "command"), "w", encoding="utf-8") as file:
            file.write(f"tshark -q -r {name} {quoted} -z ces,flows,json -z ces,pairs,json\n")
            file.write(f"ces-report {' '.join(self.program.command[1:])} {quoted} -f json {name}\n")
        with open(os.path.join(folder, "said"), "wb") as file:
            file.write(said)
        for part in self.program.parts:
            if difference(part, expected[part], found[part]):
                for what, data in (("tshark", expected[part]), ("ces-report", found[part])):
                    with open(os.path.join(folder, f"{part}.{what}"), "wb") as file:
                        file.write(data)


def not_read_natively(folder, program):
    """Where a group lists the captures that are, whether they are: by the closing records."""
    if not os.path.exists(os.path.join(folder, "native")):
        return 0
    with open(os.path.join(folder, "native"), encoding="ascii") as file:
        expected = set(file.read().split())
    captures, settings = group_of(folder)
    output, _, _ = run([*program.command, *settings, "-f", "json", "--closing", *captures])
    closing = [json.loads(line) for line in output.splitlines() if b'"engine":' in line]
    native = {os.path.basename(record["capture"]) for record in closing if record["engine"] == "native"}
    for name in sorted(expected - native):
        print(f"not read natively: {name}")
    print(f"{len(expected & native)} encapsulations read natively, {len(captures) - len(native)} with Wireshark's help")
    return len(expected - native)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--keep")
    arguments.add_argument("--engine")
    arguments.add_argument("--part", action="append", choices=PARTS)
    arguments.add_argument("--proof", required=True)
    arguments.add_argument("program")
    arguments.add_argument("groups", nargs="+")
    asked = arguments.parse_args()
    prove(asked.proof)
    comparison = Comparison(Program(asked.program, asked.engine, asked.part), asked.keep)
    handed_over = 0
    for folder in asked.groups:
        comparison.compare(*group_of(folder))
        handed_over += not_read_natively(folder, comparison.program)
    print(
        f"{comparison.captures} captures compared with {comparison.connections} connections and {comparison.pairs} pairs, "
        f"{len(set(comparison.differing))} differ"
    )
    sys.exit(1 if comparison.differing or handed_over or not comparison.connections else 0)


if __name__ == "__main__":
    main()
