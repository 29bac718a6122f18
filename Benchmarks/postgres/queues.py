"""Empty jobs a second of a job queue on PostgreSQL, beside which orch is measured.

usage: queues.py procrastinate|pgqueuer ADDRESS JOBS WORKERS   -> JSON line

Each worker is a process that takes one job at a time, and commits each for itself. All of them are connected before
the first begins, and the time counts until the last job has run, not until the last worker has ended.
"""

import asyncio
import json
import subprocess
import sys
import time
from importlib.metadata import version

ran = 0
last = 0.0


def work():
    global ran, last
    ran += 1
    last = time.monotonic()


def procrastinate_app(address):
    import procrastinate

    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=2))

    @app.task(name="nothing")
    async def nothing():
        work()

    return app, nothing


async def fill_procrastinate(address, jobs):
    app, nothing = procrastinate_app(address)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for begin in range(0, jobs, 1000):
            await nothing.batch_defer_async(*[{} for _ in range(min(1000, jobs - begin))])


async def run_procrastinate(address, ready):
    app, _ = procrastinate_app(address)
    async with app.open_async():
        await app.check_connection_async()
        ready()
        await app.run_worker_async(concurrency=1, wait=False, listen_notify=False, install_signal_handlers=False)


async def connected(address):
    import asyncpg
    from pgqueuer.db import AsyncpgDriver

    return AsyncpgDriver(await asyncpg.connect(address))


async def fill_pgqueuer(address, jobs):
    from pgqueuer.queries import Queries

    queries = Queries(await connected(address))
    await queries.install()
    for begin in range(0, jobs, 1000):
        count = min(1000, jobs - begin)
        await queries.enqueue(["nothing"] * count, [None] * count, [0] * count)


async def run_pgqueuer(address, ready):
    from pgqueuer import PgQueuer
    from pgqueuer.types import QueueExecutionMode

    queue = PgQueuer(await connected(address))

    @queue.entrypoint("nothing")
    async def nothing(job):
        work()

    ready()
    await queue.run(batch_size=1, mode=QueueExecutionMode.drain)


FILL = {"procrastinate": fill_procrastinate, "pgqueuer": fill_pgqueuer}
RUN = {"procrastinate": run_procrastinate, "pgqueuer": run_pgqueuer}


def run(task):
    try:
        import uvloop

        uvloop.run(task)
    except ImportError:
        asyncio.run(task)


def worker(name, address):
    def ready():
        print("ready", flush=True)
        sys.stdin.readline()

    run(RUN[name](address, ready))
    print(json.dumps({"jobs": ran, "last": last}), flush=True)


def main(name, address, jobs, workers):
    run(FILL[name](address, jobs))
    words = [sys.executable, __file__, "worker", name, address]
    children = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for _ in range(workers)
    ]
    for child in children:
        if child.stdout.readline() != "ready\n":
            sys.exit("a worker did not start")
    start = time.monotonic()
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    results = [json.loads(child.stdout.readline()) for child in children]
    for child in children:
        child.wait()
    done = sum(result["jobs"] for result in results)
    seconds = max(result["last"] for result in results) - start
    figures = {"queue": name, "version": version(name), "jobs": done, "lost": jobs - done, "perSecond": round(done / seconds, 1)}
    print(json.dumps(figures, separators=(",", ":")))


if sys.argv[1] == "worker":
    worker(*sys.argv[2:4])
else:
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
