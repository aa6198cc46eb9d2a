"""redirect - one tap on a button: token looked up, click kept, 302.

Tokens come from a real campaign of 10,000 recipients made through the API; wrk asks for them in turn
over 32 kept connections, one thread, with the user agent of KakaoTalk's browser. Ours answers only
when the click is on the disk (one fdatasync for all that wait). After each run the store must hold
one click for every answer - at most one more for each connection that wrk cut off.

The peer is nginx with `return 302` and an access_log that is flushed once a second: it looks nothing
up and may lose a second of clicks, so it is a floor, not an equal. Its log must hold a line for every answer
just the same. CPU per request is the server's alone; ours until the clicks are merged into the store.
"""

import json
import os
import sqlite3
import subprocess
import time

from lab import HERE, RUNS, Api, Missing, Unequal, cpu_s, figure, free_port, children_of, memory_mib, say

RECIPIENTS = 10_000
SECONDS, WARM_SECONDS = 5, 1
CONNECTIONS = 32
SETTLE_LIMIT_S = 180  # every result is in, so that nothing but clicks goes on while we measure
MERGE_LIMIT_S = 180
AGENT = ("Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36;KAKAOTALK 2610650")
NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/access.log combined buffer=64k flush=1s;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000000;
  server {{ listen 127.0.0.1:{port}; location /r/ {{ return 302 https://example.com/orders; }} }}
}}
"""


def wrk(lab, port, tokens, seconds):
    told = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", f"User-Agent: {AGENT}", "-s",
         os.path.join(HERE, "redirect.lua"), f"http://127.0.0.1:{port}", "--", tokens],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
    sample = json.loads(told.splitlines()[-1])
    if sample["refused"] or sample["broken"]:
        raise Unequal(f"wrk: {sample}")
    return sample


class Ours:
    def __init__(self, lab):
        self.lab = lab
        self.server = lab.serve()
        self.port = self.server.port
        self.api = Api(self.port).sign_up()
        self.tokens = self.send()
        self.kept = 0

    def send(self):
        api = self.api
        made = api.upload(self.lab.workbook(RECIPIENTS, repeats=False)[0])
        group = api.confirm(made["id"], "모두")["group"]["id"]
        profile = api.call("GET", "/sender-profiles")["items"][0]["id"]
        campaign, count = api.checked_campaign(api.template_with_link(profile), group)
        api.send(campaign, count)
        limit = time.monotonic() + SETTLE_LIMIT_S
        while api.call("GET", f"/campaigns/{campaign['id']}")["state"] != "finished":
            if time.monotonic() > limit:
                raise RuntimeError(f"the campaign is not finished within {SETTLE_LIMIT_S} s")
            time.sleep(0.5)
        path = os.path.join(self.lab.path("redirect"), "tokens")
        tokens = [row[0] for row in self.rows("SELECT token FROM link ORDER BY ordinal")]
        if len(tokens) != RECIPIENTS:
            raise Unequal(f"{len(tokens)} links of {RECIPIENTS} messages")
        shown = api.call("GET", f"/campaigns/{campaign['id']}/messages/1")["buttons"]
        if not any(b["mobile"] and tokens[0] in b["mobile"] for b in shown):
            raise Unequal("the link of the first message is another")
        with open(path, "w") as f:
            f.write("\n".join(tokens) + "\n")
        return path

    def rows(self, sql):
        db = sqlite3.connect(f"file:{self.server.data}/sendingo.db?mode=ro", uri=True, timeout=60)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def clicks(self):
        return self.rows("SELECT count(*) FROM click")[0][0]

    def settle(self, answered):
        """Waits until every answered click is in the store; seconds that took."""
        begun = time.monotonic()
        while self.clicks() - self.kept < answered and time.monotonic() < begun + MERGE_LIMIT_S:
            time.sleep(0.2)
        took = time.monotonic() - begun
        time.sleep(1)  # those that wrk cut off, and any that should not be there
        now = self.clicks()
        found, self.kept = now - self.kept, now
        if not answered <= found <= answered + CONNECTIONS:
            raise Unequal(f"{answered} answers, {found} clicks in the store")
        return took

    def run(self, seconds):
        before, cpu = self.clicks(), cpu_s(self.server.pid)
        sample = wrk(self.lab, self.port, self.tokens, seconds)
        sample["answer_cpu_us"] = (cpu_s(self.server.pid) - cpu) / sample["requests"] * 1e6
        say(f"redirect: {self.clicks() - before} of {sample['requests']} clicks merged when wrk ended")
        sample["settle"] = self.settle(sample["requests"])
        sample["cpu_us"] = (cpu_s(self.server.pid) - cpu) / sample["requests"] * 1e6
        return sample


class Nginx:
    def __init__(self, lab, tokens):
        self.lab, self.tokens = lab, tokens
        program = lab.nginx()
        folder = lab.path("nginx")
        os.chmod(folder, 0o777)  # its worker is another user when started by root
        self.log = os.path.join(folder, "access.log")
        self.port = free_port()
        with open(os.path.join(folder, "nginx.conf"), "w") as f:
            f.write(NGINX.format(folder=folder, port=self.port))
        self.child = lab.start(program, "-p", folder, "-c", os.path.join(folder, "nginx.conf"),
                               "-e", os.path.join(folder, "error.log"), log=os.path.join(folder, "out"))
        lab.wait_answer(self.child, self.port, "/", os.path.join(folder, "error.log"))

    def lines(self):
        with open(self.log, "rb") as f:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: f.read(1 << 20), b""))

    def cpu(self):
        return sum(cpu_s(pid) for pid in [self.child.pid, *children_of(self.child.pid)])

    def run(self, seconds):
        time.sleep(1.5)  # what is buffered goes out
        lines, cpu = self.lines(), self.cpu()
        sample = wrk(self.lab, self.port, self.tokens, seconds)
        sample["cpu_us"] = (self.cpu() - cpu) / sample["requests"] * 1e6
        time.sleep(1.5)
        found = self.lines() - lines
        if not sample["requests"] <= found <= sample["requests"] + CONNECTIONS:
            raise Unequal(f"{sample['requests']} answers, {found} lines in the log of nginx")
        return sample


def run(lab):
    ours = Ours(lab)
    try:
        nginx = Nginx(lab, ours.tokens)
    except Missing as why:
        say(f"redirect: without nginx: {why}")
        nginx = None
    ours.run(WARM_SECONDS)
    mine, peer = [], []
    for _ in range(RUNS):
        mine.append(ours.run(SECONDS))
        if nginx:
            peer.append(nginx.run(SECONDS))
    case = f"{RECIPIENTS} tokens, {CONNECTIONS} connections"
    for sample in mine:
        sample["rate"] = sample["requests"] / sample["seconds"]
    for sample in peer:
        sample["rate"] = sample["requests"] / sample["seconds"]
    for key, name, unit, better in (("rate", "requests_per_s", "1/s", "higher"), ("p50_ms", "p50", "ms", "lower"),
                                    ("p99_ms", "p99", "ms", "lower"),
                                    ("cpu_us", "cpu_per_request_kept", "us", "lower")):
        more = ("nginx 302 + access_log", [s[key] for s in peer]) if peer else ()
        figure("redirect", name, case, [s[key] for s in mine], unit, better, RUNS, *more)
    figure("redirect", "cpu_per_request", case + ", while answering", [s["answer_cpu_us"] for s in mine], "us",
           "lower", RUNS)
    figure("redirect", "clicks_merged_per_s", case, [s["requests"] / (s["seconds"] + s["settle"]) for s in mine],
           "1/s", "higher", RUNS)
    figure("redirect", "peak_memory", case, [memory_mib(ours.server.pid)], "MiB", "lower", 1)
    say(f"redirect: {ours.kept} clicks in the store, as many as were answered")
