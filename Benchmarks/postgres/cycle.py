"""Makes a pgbench script of the statements that the engine sends for one claim and one release.

usage: cycle.py SERVER-LOG > cycle.sql

The log is that of a server with log_statement=all on which `orch-bench claim-release` has run one cycle by itself:
nothing here knows the statements by heart, so the script follows the engine. What is replayed, and how:

- The same statements in the same order, in pipelines that end where the engine waits for an answer: after the row of
  orch.meta, before what the packet was read for is used, and at COMMIT. Run it with -M prepared: the engine prepares,
  too, what it sends again.
- Parameters are literals, those of the captured cycle. What has to differ from cycle to cycle does: the token and the
  events' ids are random numbers that pgbench makes, positions follow from the transaction's number.
- pgbench cannot use an answer inside of a pipeline. So the row that the claim finds is kept in settings of the
  connection, `bench.*`, by the statement that finds it, and the later ones read it there. That is work that the engine
  does not give to the server; the engine, for its part, decides, hashes and encodes, which pgbench does not.
- A release in a session without further tasks leaves out what is about the next one; the captured cycle has one.
"""

import re
import sys

ENTRY = re.compile(r"^\d{4}-\d\d-\d\d \S+ \S+ \[(\d+)\] (LOG|DETAIL):  (.*)$")
PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")
INSERT = re.compile(r"INSERT INTO orch\.(\w+)\(([^()]*)\)\s+VALUES \((\$\d+(?:, \$\d+)*)\)")
TOKEN = "(int8send(:a)||int8send(:b)||int8send(:c)||int8send(:d))"


def statements(path):
    """The executed statements with their parameters, as SQL literals, in order."""
    found, begun = [], None
    for line in open(path, encoding="utf-8"):
        match = ENTRY.match(line.rstrip("\n"))
        if not match:
            if begun is not None:
                begun[-1] += "\n" + line.strip()
            continue
        begun = None
        _, kind, text = match.groups()
        executed = re.match(r"execute [^:]+: ", text)
        if kind == "LOG" and executed:
            begun = [text[executed.end() :]]
            found.append([begun, ""])
        elif kind == "DETAIL" and found:
            begun = [text]
            found[-1][1] = begun
    return [(words[0], dict((int(n), v) for n, v in PARAMETER.findall(rest[0] if rest else ""))) for words, rest in found]


def transactions(all_statements):
    """The first claim's transaction and that of the release after it."""
    begins = [index for index, (text, _) in enumerate(all_statements) if text.startswith("BEGIN ISOLATION LEVEL READ COMMITTED")]
    for index in begins:
        parts = all_statements[index:]
        ends = [place for place, (text, _) in enumerate(parts) if text == "COMMIT"][:2]
        if any("orch.grant_token(token_hash" in text for text, _ in parts[: ends[0]]):
            told = ends[1] + 1 < len(parts) and "pg_notify" in parts[ends[1] + 1][0]
            return parts[: ends[0] + 1], parts[ends[0] + 1 : ends[1] + (2 if told else 1)]
    sys.exit("no claim in the log")


def inserted(text, table):
    """The numbers of the parameters of each row that a statement inserts into a table."""
    return [[int(number) for number in re.findall(r"\d+", row)] for name, _, row in INSERT.findall(text) if name == table]


def setting(name, kind="bigint"):
    return f"current_setting('bench.{name}')::{kind}"


def literal(value):
    """A literal in which pgbench sees no variable: `:name` would be one."""
    if ":" not in value:
        return value
    return "E" + value.replace("\\", "\\\\").replace(":", "\\x3a")


def put(text, values):
    return re.sub(r"\$(\d+)", lambda match: values[int(match.group(1))], text)


def event_id(add):
    # Of the first event it is the token's other end, of the second a number more.
    return f"(int8send(:d::bigint+{add})||int8send(:c)||int8send(:b)||int8send(:a))"


def rewritten(text, values, known, step):
    """A statement with its values; `step` is 1 in the claim, 2 in the release."""
    position = "((pg_current_xact_id()::text::bigint << 20) | 1)"
    values = {number: known.get(value, literal(value)) for number, value in values.items()}
    for pos, _, seq, name, *_ in inserted(text, "event"):
        values[pos], values[seq], values[name] = position, f"{setting('seq')} + {step}", event_id(step)
    for _, _, _, fence in inserted(text, "grant_token"):
        values[fence] = f"({setting('fence')} + 1)"
    if "UPDATE orch.session SET" in text:
        update = text.split("UPDATE orch.session SET")[1].split("WHERE")
        columns = {name: int(number) for name, number in re.findall(r"(\w+) = \$(\d+)", update[0])}
        where = dict((name, int(number)) for name, number in re.findall(r"(number|seq) = \$(\d+)", update[1]))
        changes = {
            "seq": f"{setting('seq')} + {step}", "head": event_id(step), "last_event": position,
            "fence": f"{setting('fence')} + 1", "queued": f"{setting('queued')} - 1", "running": f"{2 - step}",
            "done": f"{setting('done')} + {step - 1}",
        }
        if step == 1:
            changes["lease_fence"] = changes["fence"]
        for name, change in changes.items():
            values[columns[name]] = f"({change})"
        values[where["seq"]] = f"({setting('seq')} + {step - 1})"
        end = re.search(r"last_event < \$(\d+)", text)
        # Where a session has had an event of a younger transaction, the engine runs the claim again; here it goes on.
        values[int(end.group(1))] = str(2**63 - 1)
    # Where others took all that was looked at, the engine looks again; here the cycle does nothing, and counts.
    text = INSERT.sub(r"INSERT INTO orch.\1(\2) SELECT \3 WHERE current_setting('bench.number') <> '0'", text)
    text = put(text, values)
    text = re.sub(r"SELECT 1 / count\(\*\) FROM", "SELECT count(*) FROM", text)
    if text.startswith("SELECT set_config('lock_timeout'") and step == 1:
        text += ", set_config('bench.number', '0', false)"
    if "AS candidate FROM" in text:
        names = ", ".join(f"c{number}" for number in range(1, 82))
        kept = {"number": 1, "name": 2, "seq": 4, "fence": 8, "queued": 27, "done": 31, "ordinal": 35, "task": 36}
        keeping = ", ".join(f"set_config('bench.{name}', c{number}::text, false)" for name, number in kept.items())
        text = f"SELECT found.*, {keeping} FROM (\n{text}) AS found({names})"
    return text


def script(parts, known, step):
    lines = ["\\startpipeline"]
    for index, (text, values) in enumerate(parts):
        before = parts[index - 1][0] if index else ""
        answered = "pg_backend_pid()" in before or (
            text.startswith("INSERT INTO orch.event_block") and before.startswith("SELECT e."))
        if answered:
            lines += ["\\endpipeline", "\\startpipeline"]
        lines.append(rewritten(text, values, known, step) + ";")
    return lines + ["\\endpipeline"]


def main(path):
    claim, release = transactions(statements(path))
    grant = next([values[n] for n in row] for text, values in claim for row in inserted(text, "grant_token"))
    event = next([values[n] for n in row] for text, values in claim for row in inserted(text, "event"))
    name = re.search(r'"session":"([^"]*)"', event[6]).group(1)
    task = re.search(r'"task":"([^"]*)"', event[6]).group(1)
    token = grant[0].strip("'")
    if grant[1] == grant[2]:
        sys.exit("the task is the first of its session: their numbers are the same")
    known = {
        f"'{token}'": TOKEN, grant[1]: setting("number"), grant[2]: setting("ordinal"),
        f"'{name}'": setting("name", "text"), f"'{task}'": setting("task", "text"),
    }
    lines = [f"\\set {variable} random(1, 9000000000000000000)" for variable in "abcd"]
    print("\n".join(lines + script(claim, known, 1) + script(release, known, 2)))


main(sys.argv[1])
