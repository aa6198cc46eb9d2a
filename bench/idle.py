"""idle - what a server costs that nobody uses: from start to its first answer, and its memory.

Start on an empty folder makes the database; start on a used one holds a company and 10,000 contacts.
Memory is proportional set size of the whole process three seconds after its last answer, practice gateway and
page included. No peer runs here; the README names what the original service took.
"""

import os
import time

from lab import RUNS, Api, cpu_s, figure, memory_mib

STARTS = 2 * RUNS
QUIET_S = 3
WATCH_S = 10


def run(lab):
    empty, memory = [], []
    for _ in range(STARTS):
        server = lab.serve()
        empty.append(server.start_s * 1000)
        if len(memory) < RUNS:
            time.sleep(QUIET_S)
            memory.append(memory_mib(server.pid, "Pss"))
        lab.stop(server)
    figure("idle", "start_to_first_answer", "empty data folder", empty, "ms", "lower", STARTS)
    figure("idle", "memory", "empty data folder, PSS", memory, "MiB", "lower", RUNS)
    used(lab)
    figure("idle", "program_size", "one file, page inside", [os.path.getsize(lab.program()) / 2**20],
           "MiB", "lower", 1)


def used(lab):
    server = lab.serve()
    api = server_with_contacts(lab, server)
    api.call("GET", "/statistics/summary")
    lab.stop(server)
    again, memory, cpu = [], [], []
    for _ in range(RUNS):
        server = lab.serve(server.data)
        again.append(server.start_s * 1000)
        time.sleep(QUIET_S)
        memory.append(memory_mib(server.pid, "Pss"))
        before = cpu_s(server.pid)
        time.sleep(WATCH_S)
        cpu.append((cpu_s(server.pid) - before) / WATCH_S * 100)
        lab.stop(server)
    case = "10000 contacts stored"
    figure("idle", "start_to_first_answer", case, again, "ms", "lower", RUNS)
    figure("idle", "memory", case + ", PSS", memory, "MiB", "lower", RUNS)
    figure("idle", "cpu", case, cpu, "% of a core", "lower", RUNS)


def server_with_contacts(lab, server):
    api = Api(server.port).sign_up()
    made = api.upload(lab.workbook(10_000, repeats=False)[0])
    api.confirm(made["id"], "모두")
    return api
