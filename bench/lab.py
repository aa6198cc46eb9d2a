"""lab.py - what every suite stands on: the program, its API, its peers, clocks, and a tidy end.

bench/run makes one Lab and hands it to each suite. Whatever a suite starts through it is a child of
this process, asked to end when this process dies, and stopped by its id when the suite is over;
files lie in one temporary folder that goes at the end. Loopback only.
"""

import atexit
import contextlib
import ctypes
import glob
import hashlib
import http.client
import json
import os
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
PEERS = os.path.join(HERE, "peers")
WITH_NODE = os.path.join(TOP, "scripts", "with-node")
DOWNLOADS = os.path.join(HERE, ".peers")
RUNS = int(os.environ.get("BENCH_RUNS") or 3)
START_LIMIT_S, STOP_LIMIT_S = 60, 30
LOOK_S, IMPORT_LOOK_S = 0.003, 0.050
TICKS = os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Unequal(Exception):
    """The two sides of a figure did not do the same work."""


class Missing(Exception):
    """A peer cannot be had on this machine; the message says which and why."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def same(what, ours, theirs):
    """Both did the same work, or there is no figure."""
    if ours != theirs:
        raise Unequal(f"{what}: {ours!r} and {theirs!r}")


def figure(suite, name, case, ours, unit, better, runs, peer=None, theirs=None):
    """Prints one figure; `ours` and `theirs` are lists of one number a run, alternated."""
    line = {"suite": suite, "figure": name, "case": case, "ours": rounded(statistics.median(ours))}
    if peer:
        line["peer"] = peer
        line["theirs"] = rounded(statistics.median(theirs))
        line["ratio"] = rounded(statistics.median(ours) / statistics.median(theirs))
    line.update(better=better, runs=runs, unit=unit)
    print(json.dumps(line, ensure_ascii=False), flush=True)


def rounded(x):
    return float(f"{x:.4g}") if abs(x) < 1000 else round(x)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def die_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


# ---- what /proc says of a process ----

def cpu_s(pid):
    """Seconds of CPU, user and system, of all threads of a process."""
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mib(pid, key="VmHWM"):
    """VmHWM (most that was ever resident) or, from smaps_rollup, Pss (resident, shared pages shared)."""
    path = "smaps_rollup" if key == "Pss" else "status"
    with open(f"/proc/{pid}/{path}") as f:
        for line in f:
            if line.startswith(key + ":"):
                return int(line.split()[1]) / 1024
    raise RuntimeError(f"no {key} of {pid}")


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return [int(word) for word in f.read().split()]


class Api:
    """The public API over one connection a call, as any program would use it."""

    def __init__(self, port):
        self.port, self.cookie = port, None

    def call(self, method, path, body=None, status=200, headers=None):
        sent = {"Accept": "application/json", "X-Requested-With": "sendingo", **(headers or {})}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)) as c:
            c.request(method, "/api/v1" + path, body=body, headers=sent)
            answer = c.getresponse()
            text = answer.read()
        if answer.status not in (status if isinstance(status, tuple) else (status,)):
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:800].decode(errors='replace')}")
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return json.loads(text) if text else None

    def sign_up(self):
        self.call("POST", "/companies", {"company_name": "벤치", "name": "벤치", "email": "bench@example.com",
                                         "password": "long-enough-for-a-bench"}, 201)
        return self

    def upload(self, path):
        """Uploads a file and waits until it is checked."""
        with open(path, "rb") as body:
            made = self.call("POST", "/imports?filename=bench.xlsx", body, 201,
                             {"Content-Type": "application/octet-stream",
                              "Content-Length": str(os.path.getsize(path))})
        return self.import_in(made, "mapping")

    def confirm(self, import_id, group):
        """Confirms an import into a new group and waits for the job; `group` of the answer is that group."""
        done = self.call("POST", f"/imports/{import_id}/confirm", {"new_group_names": [group]}, (200, 202))
        done = self.import_in(done, "confirmed")
        return {**done, "group": done["groups"][0]}

    def import_in(self, made, state):
        """The import when it has reached a state; it is asked for every 50 ms."""
        while made["state"] in ("checking", "importing"):
            time.sleep(IMPORT_LOOK_S)
            made = self.call("GET", f"/imports/{made['id']}")
        if made["state"] != state:
            raise RuntimeError(f"the import is {made['state']}: {made['problem']}")
        return made

    def template_with_link(self, profile):
        """Brings the profile's templates in and takes the one with the most to fill in."""
        self.call("POST", "/template-syncs", {"sender_profile_id": profile}, 201)
        found = [t for t in self.call("GET", f"/templates?limit=100&sender_profile_id={profile}")["items"]
                 if t["sendable"] and any(b["tracked"] for b in t["buttons"])]
        if not found:
            raise RuntimeError("the practice gateway offers no template with a tracked button")
        return max(found, key=lambda t: (len(t["variables"]), t["code"]))

    def checked_campaign(self, template, group):
        """A campaign on its way up to the button 'send': recipients and texts are frozen."""
        known = {"이름": {"source": "name"}, "결제금액": {"source": "attribute", "key": "금액"},
                 "주문번호": {"source": "attribute", "key": "주소"}}
        values = {v: known.get(v, {"source": "text", "text": "안내"}) for v in template["variables"]}
        links = [{"button": b["ordinal"], "url": "https://example.com/orders"}
                 for b in template["buttons"] if b["tracked"]]
        made = self.call("POST", "/campaigns", {"name": "벤치", "template_id": template["id"],
                                                "recipients": {"group_ids": [group]}, "values": values, "links": links}, 201)
        check = self.call("POST", f"/campaigns/{made['id']}/check")
        if check["refused"]:
            raise RuntimeError(f"refused: {check['refused']}")
        return check["campaign"], check["sendable"]

    def send(self, campaign, count):
        self.call("POST", f"/campaigns/{campaign['id']}/send",
                  {"confirmation": campaign["confirmation"], "count": count}, 202)


class Lab:
    def __enter__(self):
        self.conditions()
        self.folder = tempfile.mkdtemp(prefix="sendingo-bench-")
        # Children of other users (PostgreSQL) may pass through.
        os.chmod(self.folder, 0o755)
        self.children = []
        self.workbooks = {}
        self.postgres, self.databases = None, 0
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda n, _: sys.exit(128 + n))
        atexit.register(self.stop_all)
        return self

    def __exit__(self, *_):
        self.stop_all()
        shutil.rmtree(self.folder, ignore_errors=True)

    def conditions(self):
        with open("/proc/cpuinfo") as f:
            model = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), "?")
        load = os.getloadavg()[0]
        cores = os.cpu_count()
        say(f"machine: {cores} cores, {model}, Linux {os.uname().release}, load {load:.1f}")
        say(f"program: {self.program()}; {RUNS} runs of each")
        if load > 0.2 * cores:
            say("WARNING: the machine is busy; absolute figures are too low, ratios are rough")

    def program(self):
        named = os.environ.get("SENDINGO_BIN")
        full = os.path.join(TOP, named or "build/release/sendingo")
        if os.path.exists(full):
            return full
        sys.exit("bench: no program yet; make build")

    def tool(self, name):
        """One of the benches' own small programs, built beside the release."""
        full = os.path.join(TOP, "build", "release", "bench", name)
        if os.path.exists(full):
            return full
        sys.exit(f"bench: no {name} yet; make build")

    # ---- files ----

    def path(self, name):
        return tempfile.mkdtemp(prefix=name + "-", dir=self.folder)

    def workbook(self, rows, strings="shared", repeats=True):
        """A generated xlsx and what it holds; made once."""
        key = (rows, strings, repeats)
        if key not in self.workbooks:
            import workbook
            say(f"writing a workbook of {rows} rows, {strings} strings")
            name = os.path.join(self.folder, f"{rows}-{strings}-{repeats}.xlsx")
            self.workbooks[key] = (name, workbook.write(name, rows, strings, repeats))
        return self.workbooks[key]

    def forget(self, folder):
        """Removes what a run left in a folder of its own; disks are small."""
        shutil.rmtree(folder, ignore_errors=True)

    # ---- PostgreSQL ----

    def database(self):
        """The address of a fresh database in a throw-away PostgreSQL, which is started when first wanted
        and goes with the last child; the one before is dropped."""
        if self.postgres is None or self.postgres_keeper.poll() is not None:
            self.postgres_keeper = self.start(os.path.join(TOP, "scripts", "with-postgres"), "sh", "-c",
                                              'echo "$SENDINGO_POSTGRES"; exec sleep 86400', stdout=subprocess.PIPE,
                                              stderr=sys.stderr)
            self.postgres, self.databases = self.postgres_keeper.stdout.readline().decode().strip(), 0
        if not self.postgres:
            raise Missing("no PostgreSQL here")
        if self.databases:
            self.sql(f"DROP DATABASE IF EXISTS bench{self.databases} WITH (FORCE)")
        self.databases += 1
        self.sql(f"CREATE DATABASE bench{self.databases}")
        return f"{self.postgres.rpartition('/')[0]}/bench{self.databases}"

    def sql(self, text):
        subprocess.run(["psql", "-X", "-q", "-d", self.postgres, "-c", text], check=True, stdin=subprocess.DEVNULL,
                       stdout=sys.stderr, stderr=subprocess.DEVNULL)

    # ---- processes ----

    def start(self, *command, log=None, **more):
        out = open(log, "ab") if log else subprocess.DEVNULL
        child = subprocess.Popen([str(c) for c in command], stdin=more.pop("stdin", subprocess.DEVNULL),
                                 stdout=more.pop("stdout", out), stderr=more.pop("stderr", out),
                                 preexec_fn=die_with_parent, **more)
        if log:
            out.close()
        self.children.append(child)
        return child

    def stop(self, child):
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if child in self.children:
            self.children.remove(child)

    def stop_all(self):
        for child in reversed(list(self.children)):
            self.stop(child)

    def timed(self, *command, out=os.devnull):
        """Runs a command to its end: wall seconds, CPU seconds, most resident memory in MiB.

        The memory is VmHWM, looked at every few milliseconds: ru_maxrss would start with ours, which
        the child has for a moment between fork and exec.
        """
        with open(out, "wb") as sink:
            begun = time.monotonic()
            child = self.start(*command, stdout=sink, stderr=sys.stderr)
            peak, done = 0, 0
            while not done:
                with contextlib.suppress(OSError, RuntimeError):
                    peak = max(peak, memory_mib(child.pid))
                done, status, used = os.wait4(child.pid, os.WNOHANG)
                if not done:
                    time.sleep(LOOK_S)
            wall = time.monotonic() - begun
            child.returncode = os.waitstatus_to_exitcode(status)
            self.children.remove(child)
        if child.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {child.returncode}")
        return wall, used.ru_utime + used.ru_stime, peak

    def serve(self, data=None, *options):
        """A server that answers; .port, .practice, .data, .start_s besides what Popen has."""
        data = data or self.path("data")
        port, practice = free_port(), free_port()
        begun = time.monotonic()
        child = self.start(self.program(), "serve", "--data", data, "--listen", f"127.0.0.1:{port}",
                           "--practice-listen", f"127.0.0.1:{practice}", *options,
                           log=os.path.join(data, "server.log"))
        child.port, child.practice, child.data = port, practice, data
        self.wait_answer(child, port, "/api/v1/status", os.path.join(data, "server.log"))
        child.start_s = time.monotonic() - begun
        return child

    def wait_answer(self, child, port, path, log=None):
        limit = time.monotonic() + START_LIMIT_S
        while time.monotonic() < limit and child.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException), \
                 contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as c:
                c.request("GET", path)
                c.getresponse().read()
                return
            time.sleep(0.002)
        told = ""
        if log and os.path.exists(log):
            with open(log, errors="replace") as f:
                told = f.read()[-2000:]
        raise RuntimeError(f"{child.args[0]} does not answer\n{told}")

    # ---- peers ----

    def node_peer(self, name, heap_mib=None):
        """The command of a peer written for Node; installs the npm packages once. A peer that keeps
        the whole workbook gets a heap in which it can."""
        if not shutil.which("npm"):
            raise Missing("no npm here")
        with open(os.path.join(PEERS, "package-lock.json"), "rb") as f:
            lock = hashlib.sha256(f.read()).hexdigest()
        stamp = os.path.join(PEERS, "node_modules", ".lock.sha256")
        if not os.path.exists(stamp) or open(stamp).read() != lock:
            say("installing the peers from npm (once)")
            done = subprocess.run([WITH_NODE, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
                                  cwd=PEERS, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
            if done.returncode != 0:
                raise Missing("npm ci in bench/peers failed")
            with open(stamp, "w") as f:
                f.write(lock)
        node = subprocess.run([WITH_NODE, "sh", "-c", "command -v node"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=True).stdout.strip()
        return [node, *([f"--max-old-space-size={heap_mib}"] if heap_mib else []), os.path.join(PEERS, name)]

    def nginx(self):
        """nginx's program. Debian's package starts a service on port 80, so it is only unpacked."""
        for path in (shutil.which("nginx"), "/usr/sbin/nginx", f"{DOWNLOADS}/nginx/usr/sbin/nginx"):
            if path and os.access(path, os.X_OK):
                return path
        os.makedirs(DOWNLOADS, exist_ok=True)
        say("fetching nginx from Debian (once)")
        done = subprocess.run(["apt-get", "-q", "download", "nginx"], cwd=DOWNLOADS, check=False,
                              stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr)
        found = glob.glob(f"{DOWNLOADS}/nginx_*.deb")
        if done.returncode != 0 or not found:
            raise Missing("nginx: apt-get download failed (apt-get update may help)")
        subprocess.run(["dpkg-deb", "-x", found[0], f"{DOWNLOADS}/nginx"], check=True)
        return f"{DOWNLOADS}/nginx/usr/sbin/nginx"

    def python_with(self, module):
        """A Python that can import the Debian-packaged module."""
        for path in (sys.executable, "/usr/bin/python3"):
            if subprocess.run([path, "-c", f"import {module}"], check=False,
                              stderr=subprocess.DEVNULL).returncode == 0:
                return path
        raise Missing(f"no Python here knows {module}")


def raise_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard) if soft < 65536 else (soft, hard))


raise_descriptors()
