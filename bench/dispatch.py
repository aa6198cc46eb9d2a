"""dispatch - a campaign from the button 'send' to the last outcome stored.

The gateway is `sendingo practice-gateway` in a process of its own, on the same machine: every call of
500 messages is parsed, matched with its template and committed there before it is answered. A run
starts on a copy of a data folder in which contacts are imported and the campaign is checked (texts and
recipients frozen); its clock is the program's own, from the campaign's start to the end of its last
request, as stored. Commits are flushed. The profile's pace - 10 calls and 2,000 messages a second for a real
gateway, 200 and 100,000 for the built-in practice one - is lifted in the stored profile, so that
the machine is the limit and not the politeness.

The peer is graphile-worker, one job for 500 messages, on a throw-away PostgreSQL with fsync; it
renders the same template with a link token for each person, posts the same form with undici to the
same gateway, four calls at a time like ours, and stores 500 outcomes with one UPDATE. Its clock runs from
handing in the jobs to the last outcome, with workers, pool and connections warm. It freezes no texts
and keeps no counters. The gateway's own count must grow by every recipient once in both.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import time
import urllib.parse
import urllib.request

from lab import RUNS, TOP, Api, Missing, Unequal, cpu_s, figure, free_port, memory_mib, same, say
import workbook

SMALL, LARGE = 10_000, 100_000
SEND_LIMIT_S = 300
SENDER = "0212345678"
PEER = "graphile-worker, job a batch"
UNPACED = "UPDATE sender_profile SET request_rate = 100000, message_rate = 50000000 WHERE gateway = 'aligo'"


class Gateway:
    """The practice gateway alone; .messages() is its own count of what it accepted."""

    def __init__(self, lab):
        self.port = free_port()
        self.file = os.path.join(lab.path("gateway"), "practice.db")
        self.url = f"http://127.0.0.1:{self.port}"
        self.child = lab.start(lab.program(), "practice-gateway", "--listen", f"127.0.0.1:{self.port}",
                               "--data", self.file, "--points", "1000000000", log=self.file + ".log")
        lab.wait_answer(self.child, self.port, "/practice/journal?limit=1")
        self.account = {"userid": "bench", "apikey": "bench-key"}
        self.key = self.post("/akv10/profile/list/")["list"][0]["senderKey"]
        self.account["senderkey"] = self.key

    def post(self, path):
        body = urllib.parse.urlencode(self.account).encode()
        with urllib.request.urlopen(self.url + path, body, timeout=60) as answer:
            return json.load(answer)

    def template(self, code):
        return next(t for t in self.post("/akv10/template/list/")["list"] if t["templtCode"] == code)

    def messages(self):
        same("messages that differ from their template",
             query(self.file, "SELECT count(*) FROM request WHERE results LIKE '%U%'"), 0)
        return query(self.file, "SELECT messages FROM total")


def query(path, sql, write=False):
    db = sqlite3.connect(f"file:{path}?mode={'rw' if write else 'ro'}", uri=True, timeout=60)
    try:
        with db:
            row = db.execute(sql).fetchone()
            return row[0] if row and len(row) == 1 else row
    finally:
        db.close()


class Prepared:
    """A data folder with one checked campaign, as a run finds it."""

    def __init__(self, lab, gateway, count):
        self.lab, self.gateway, self.count = lab, gateway, count
        server = lab.serve()
        api = Api(server.port).sign_up()
        profile = api.call("POST", "/sender-profiles", {
            "gateway": "aligo", "name": "벤치", "base_url": gateway.url, "user_id": gateway.account["userid"],
            "api_key": gateway.account["apikey"], "sender_key": gateway.key, "sender_number": SENDER}, 201)
        made = api.upload(lab.workbook(count, repeats=False)[0])
        group = api.confirm(made["id"], "모두")["group"]["id"]
        template = api.template_with_link(profile["id"])
        cpu, begun = cpu_s(server.pid), time.monotonic()
        self.campaign, sendable = api.checked_campaign(template, group)
        self.check_s, self.check_cpu = time.monotonic() - begun, cpu_s(server.pid) - cpu
        same("sendable recipients", sendable, count)
        self.template, self.cookie, self.data = template, api.cookie, server.data
        lab.stop(server)
        query(f"{self.data}/sendingo.db", UNPACED, write=True)

    def run(self):
        data = self.lab.path("dispatch")
        shutil.copytree(self.data, data, dirs_exist_ok=True)
        server = self.lab.serve(data)
        api = Api(server.port)
        api.cookie = self.cookie
        before = self.gateway.messages()
        cpu, gateway_cpu = cpu_s(server.pid), cpu_s(self.gateway.child.pid)
        api.send(self.campaign, self.count)
        self.wait(api)
        sample = {"cpu": cpu_s(server.pid) - cpu, "peak": memory_mib(server.pid),
                  "gateway": cpu_s(self.gateway.child.pid) - gateway_cpu}
        self.lab.stop(server)
        begun, ended, messages, bad = query(f"{data}/sendingo.db", (
            "SELECT (SELECT started_at FROM campaign), max(ended_at), sum(message_count),"
            " sum(code IS NOT NULL AND code <> 0) FROM request"))
        same("messages in our requests", messages, self.count)
        same("requests refused", bad or 0, 0)
        same("messages the gateway counted", self.gateway.messages() - before, self.count)
        shutil.rmtree(data)
        sample["seconds"] = (ended - begun) / 1000
        return sample

    def wait(self, api):
        limit = time.monotonic() + SEND_LIMIT_S
        while time.monotonic() < limit:
            told = api.call("GET", f"/campaigns/{self.campaign['id']}")
            counts = told["counts"]
            if told["pause_reason"] or counts["unknown"] or counts["unsent"]:
                raise Unequal(f"not all sent: {told['pause_reason']} {counts}")
            if counts["queued"] + counts["sending"] == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"not sent within {SEND_LIMIT_S} s: {counts}")


class Peer:
    def __init__(self, lab, gateway, template):
        self.lab, self.gateway = lab, gateway
        self.command = lab.node_peer("dispatch_graphile.mjs")
        self.template = gateway.template(template["code"])
        self.folder = lab.path("dispatch-peer")
        keeper = lab.start(os.path.join(TOP, "scripts", "with-postgres"), "sh", "-c",
                           'echo "$SENDINGO_POSTGRES"; exec sleep 86400', stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL)
        self.postgres = keeper.stdout.readline().decode().strip()
        if not self.postgres:
            raise Missing("no PostgreSQL here")

    def run(self, count):
        order = os.path.join(self.folder, "order.json")
        people = os.path.join(self.folder, f"{count}.json")
        if not os.path.exists(people):
            with open(people, "w") as f:
                json.dump([[v[0], v[1].replace("-", ""), v[4], v[3]] for v in workbook.rows_of(count, False)], f)
        with open(order, "w") as f:
            json.dump({"postgres": self.postgres, "gateway": self.gateway.url, "account": self.gateway.account,
                       "sender": SENDER, "template": self.template, "people": people}, f)
        before, gateway_cpu = self.gateway.messages(), cpu_s(self.gateway.child.pid)
        out = os.path.join(self.folder, "out")
        _, _, peak = self.lab.timed(*self.command, order, out=out)
        with open(out) as f:
            told = json.loads(f.read().splitlines()[-1])
        same("outcomes the peer stored", told["accepted"], count)
        same("messages the gateway counted", self.gateway.messages() - before, count)
        return {"seconds": told["seconds"], "cpu": told["cpu_node"] + told["cpu_postgres"], "peak": peak,
                "gateway": cpu_s(self.gateway.child.pid) - gateway_cpu}


def column(samples, key):
    return [sample[key] for sample in samples]


def rates(samples, count):
    return [count / sample["seconds"] for sample in samples]


def beside(prepared, peer):
    count = prepared.count
    case = f"{count} recipients, 500 a call, 4 calls at a time"
    mine, theirs = [], []
    for _ in range(RUNS):
        mine.append(prepared.run())
        if peer:
            theirs.append(peer.run(count))
    more = (PEER, rates(theirs, count)) if peer else ()
    figure("dispatch", "messages_per_s", case, rates(mine, count), "1/s", "higher", RUNS, *more)
    for key, name, unit in (("cpu", "cpu", "s"), ("peak", "peak_memory", "MiB")):
        more = (PEER + (" + PostgreSQL" if key == "cpu" else ""), column(theirs, key)) if peer else ()
        figure("dispatch", name, case, column(mine, key), unit, "lower", RUNS, *more)
    figure("dispatch", "gateway_cpu", case, column(mine, "gateway"), "s", "lower", RUNS)
    figure("dispatch", "check", f"{count} recipients: texts and links frozen", [prepared.check_s], "s", "lower", 1)
    figure("dispatch", "check_cpu", f"{count} recipients", [prepared.check_cpu], "s", "lower", 1)
    return mine


def run(lab):
    gateway = Gateway(lab)
    small, large = Prepared(lab, gateway, SMALL), Prepared(lab, gateway, LARGE)
    try:
        peer = Peer(lab, gateway, small.template)
    except Missing as why:
        say(f"dispatch: without a peer: {why}")
        peer = None
    few, many = beside(small, peer), beside(large, peer)
    for key, name in (("seconds", "wall_growth"), ("cpu", "cpu_growth")):
        figure("dispatch", name, f"{SMALL} to {LARGE} recipients",
               [b / max(a, 0.001) * SMALL / LARGE
                for a, b in zip(sorted(column(few, key)), sorted(column(many, key)))],
               "of linear", "lower", RUNS)
