"""pages - what one look costs when there is much to look at: a page of contacts, the groups, the summary.

CPU of the server for one answer, with 10,000 and with 100,000 contacts in one group; a page that reads what
it shows, and no more, costs the same in both. And `sendingo verify`, which has to read everything,
with 1,000 and 4,000 contacts: linear is the best that can be.
"""

from lab import RUNS, Api, cpu_s, figure, same

SMALL, LARGE = 10_000, 100_000
VERIFY_SMALL, VERIFY_LARGE = 1_000, 4_000
CALLS = 20
LOOKS = {"contacts": "/contacts?limit=50", "groups": "/groups?limit=50", "summary": "/statistics/summary"}


def stored(lab, count):
    server = lab.serve()
    api = Api(server.port).sign_up()
    made = api.upload(lab.workbook(count, repeats=False)[0])
    same("contacts", api.confirm(made["id"], "모두")["result"]["created"], count)
    return server, api


def cost_ms(server, api, path):
    before = cpu_s(server.pid)
    for _ in range(CALLS):
        api.call("GET", path)
    return (cpu_s(server.pid) - before) / CALLS * 1000


def looks(lab):
    few, many = stored(lab, SMALL), stored(lab, LARGE)
    for name, path in LOOKS.items():
        small, large = [], []
        for _ in range(RUNS):
            small.append(cost_ms(*few, path))
            large.append(cost_ms(*many, path))
        for count, samples in ((SMALL, small), (LARGE, large)):
            figure("pages", f"{name}_cpu", f"GET {path}, {count} contacts", samples, "ms", "lower", RUNS)
    lab.stop(few[0])
    lab.stop(many[0])


def verify(lab):
    spent = {}
    for count in (VERIFY_SMALL, VERIFY_LARGE):
        server, _ = stored(lab, count)
        lab.stop(server)
        spent[count] = [lab.timed(lab.program(), "verify", "--data", server.data)[1] for _ in range(RUNS)]
        figure("pages", "verify_cpu", f"{count} contacts", spent[count], "s", "lower", RUNS)
    figure("pages", "verify_cpu_growth", f"{VERIFY_SMALL} to {VERIFY_LARGE} contacts",
           [b / max(a, 0.001) * VERIFY_SMALL / VERIFY_LARGE
            for a, b in zip(sorted(spent[VERIFY_SMALL]), sorted(spent[VERIFY_LARGE]))],
           "of linear", "lower", RUNS)


def run(lab):
    looks(lab)
    verify(lab)
