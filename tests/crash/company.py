"""company.py - a company that imports, sends and clicks through the public API, and remembers what it
was answered.

Used by tests/crash/run. Every step may meet a server that dies under it (Unanswered): then the
company only knows that the thing has happened or not. What was answered is a promise, and
`promises` compares it with what the server says later.
"""

import contextlib
import http.client
import json
import re
import secrets
import time

BROWSER = ("Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) "
           "Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36;KAKAOTALK 2610650")
CALL_LIMIT_S = 60
IMPORT_LIMIT_S = 60  # for a list to be read, or a confirmed one to be worked off
GROUP_SIZE = 90
IMPORT_SIZE = 30
TOKEN = re.compile(r"/r/([0-9A-Za-z]{11})")
OPEN = ("sending", "paused")
BUSY = ("checking", "importing", "cancelling")  # states of imports that end by themselves


class Unanswered(Exception):
    """The server died before it had answered."""


class Refused(Exception):
    """An answer with another status than the one expected."""

    def __init__(self, what, status, text):
        super().__init__(f"{what}: {status} {text[:500]}")
        self.status = status


def exchange(port, method, path, body=None, headers=None):
    """Status, headers and bytes of one call over a connection of its own."""
    try:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=CALL_LIMIT_S)) as c:
            c.request(method, path, body=body, headers=headers or {})
            answer = c.getresponse()
            return answer.status, answer, answer.read()
    except (OSError, http.client.HTTPException) as e:
        raise Unanswered(f"{method} {path}: {e}") from e


def phone(i):
    return f"010{10000000 + i}"


class Company:
    def __init__(self, port, gateway_port, lots):
        self.port, self.gateway_port, self.lots = port, gateway_port, lots
        self.cookie = None
        self.next_phone = 0
        self.names = 0
        self.closed = set()  # campaigns that are over and have been compared
        self.started = {}  # campaign id -> name, answered with 202
        self.clicks = {}  # token -> (answered, attempts)
        self.imports = {}  # import id -> {"phones", "name", "answered"}
        self.uploads_unanswered = 0
        self.journal, self.journal_after = [], 0

    # ---- calls ----

    def call(self, method, path, body=None, status=200):
        headers = {"Accept": "application/json", "X-Requested-With": "sendingo"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        got, answer, text = exchange(self.port, method, "/api/v1" + path, body, headers)
        if got == 503 and status != 503:
            raise Unanswered(f"{method} {path}: 503")  # the database went away: nobody knows
        if got != status and got not in (status if isinstance(status, tuple) else ()):
            raise Refused(f"{method} {path}", got, text.decode(errors="replace"))
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return json.loads(text) if text else None

    def every(self, path):
        mark = "&" if "?" in path else "?"
        cursor = ""
        while True:
            page = self.call("GET", f"{path}{mark}limit=500{cursor}")
            yield from page["items"]
            if not page["next_cursor"]:
                return
            cursor = f"&cursor={page['next_cursor']}"

    def gateway(self, path, body=None):
        method = "GET" if body is None else "POST"
        text = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"} if text else {}
        status, _, answer = exchange(self.gateway_port, method, path, text, headers)
        if status != 200:
            raise Refused(f"{method} {path}", status, answer.decode(errors="replace"))
        return json.loads(answer)

    # ---- setting up ----

    def sign_up(self):
        self.call("POST", "/companies", {
            "company_name": "충돌 실험실", "name": "시험", "email": "crash@example.com",
            "password": secrets.token_urlsafe(12)}, 201)
        account = {"gateway": "aligo", "name": "시험 채널", "user_id": "crash", "api_key": "k",
                   "sender_number": "0212345678", "base_url": f"http://127.0.0.1:{self.gateway_port}"}
        account["sender_key"] = self.sender_key()
        profile = self.call("POST", "/sender-profiles", account, 201)
        self.call("POST", "/template-syncs", {"sender_profile_id": profile["id"]}, 201)
        templates = [t for t in self.every("/templates")
                     if t["sendable"] and t["sender_profile_id"] == profile["id"]]
        # One whose texts differ by their links, one whose texts differ by the campaign's name only.
        self.templates = [next(t for t in templates if any(b["tracked"] for b in t["buttons"])),
                          next(t for t in templates if t["variables"] and not t["buttons"])]
        self.group = self.import_people(GROUP_SIZE)
        for id_ in self.imports:
            self.import_settled(id_)

    def sender_key(self):
        form = b"apikey=k&userid=crash"
        _, _, text = exchange(self.gateway_port, "POST", "/akv10/profile/list/", form,
                              {"Content-Type": "application/x-www-form-urlencoded"})
        return json.loads(text)["list"][0]["senderKey"]

    # ---- steps ----

    def import_people(self, count):
        """Uploads a list and confirms it into a new group; its id."""
        phones = [phone(self.next_phone + i) for i in range(count)]
        self.next_phone += count
        self.names += 1
        name = f"명단 {self.names}"
        lines = ["이름,휴대폰"] + [f"손님{p[-4:]},{p}" for p in phones]
        try:
            made = self.call("POST", "/imports?filename=list.csv", "\n".join(lines).encode(), 201)
        except Unanswered:
            self.uploads_unanswered += 1
            raise
        promise = {"phones": phones, "name": name, "answered": False}
        self.imports[made["id"]] = promise
        self.import_settled(made["id"])
        done = self.call("POST", f"/imports/{made['id']}/confirm", {"new_group_names": [name]}, (200, 202))
        promise["answered"] = True
        return done["groups"][0]["id"]

    def import_settled(self, id_):
        """Waits until nobody works on an import any more; what it is then."""
        limit = time.monotonic() + IMPORT_LIMIT_S
        while time.monotonic() < limit:
            now = self.call("GET", f"/imports/{id_}")
            if now["state"] not in BUSY:
                return now
            time.sleep(0.02)
        raise Refused(f"import {id_}", 0, f"still busy: {now}")

    def start_campaign(self):
        """Composes, checks and sends; answered means that it will go on whatever dies."""
        self.names += 1
        name = f"c{self.names}"
        template = self.lots.choice(self.templates)
        values = {v: {"source": "text", "text": f"{name} {v}"} for v in template["variables"]}
        links = [{"button": b["ordinal"], "url": f"https://example.com/{name}"}
                 for b in template["buttons"] if b["tracked"]]
        made = self.call("POST", "/campaigns", {
            "name": name, "template_id": template["id"], "recipients": {"group_ids": [self.group]}, "values": values,
            "links": links}, 201)
        path = f"/campaigns/{made['id']}"
        while not self.checked_and_sent(path):
            pass
        self.started[made["id"]] = name

    def checked_and_sent(self, path):
        """False when it is to be checked again: a result of another campaign has just said that one of
        the recipients has blocked us, and nothing is sent to those."""
        checked = self.call("POST", path + "/check")["campaign"]
        try:
            self.call("POST", path + "/send", {
                "confirmation": checked["confirmation"], "count": checked["counts"]["queued"]}, 202)
        except Refused as why:
            if why.status != 409 or "confirmation_stale" not in str(why):
                raise
            return False
        return True

    def open_campaigns(self):
        return [c for state in OPEN for c in self.every(f"/campaigns?state={state}")]

    def interfere(self, campaigns):
        """What people do in the middle of it: pause, resume, cancel."""
        for c in campaigns:
            lot = self.lots.random()
            with contextlib.suppress(Refused):
                if c["state"] == "paused" and lot < 0.5:
                    self.call("POST", f"/campaigns/{c['id']}/resume")
                elif c["state"] == "sending" and lot < 0.02:
                    self.call("POST", f"/campaigns/{c['id']}/pause")
                elif c["state"] == "sending" and lot > 0.99:
                    self.call("POST", f"/campaigns/{c['id']}/cancel")

    def read_journal(self):
        """What the gateway has accepted since the last look; True when its books are complete."""
        while True:
            page = self.gateway(f"/practice/journal?after={self.journal_after}")
            if not page["items"]:
                return
            self.journal += page["items"]
            self.journal_after = page["items"][-1]["mid"]

    def click(self, count):
        """Taps links that have arrived on phones, as the gateway tells them."""
        self.read_journal()
        for message in self.lots.sample(self.journal, min(count, len(self.journal))):
            found = TOKEN.search(message["buttons"])
            if not found:
                continue
            answered, attempts = self.clicks.get(found.group(1), (0, 0))
            self.clicks[found.group(1)] = (answered, attempts + 1)
            status, _, _ = exchange(self.port, "GET", f"/r/{found.group(1)}", None, {
                "User-Agent": BROWSER, "Accept": "text/html"})
            if status == 302:
                self.clicks[found.group(1)] = (answered + 1, attempts + 1)
            elif status != 503:
                raise Refused(f"GET /r/{found.group(1)}", status, "")

    # ---- the end ----

    def settle_step(self):
        """Resumes and sends again what was proven absent; True when nothing is left to wait for."""
        waiting = any(i["state"] in BUSY for i in self.every("/imports"))
        for c in self.every("/campaigns"):
            if c["id"] in self.closed:
                continue
            counts, path = c["counts"], f"/campaigns/{c['id']}"
            with contextlib.suppress(Refused):
                if c["state"] == "paused":
                    self.call("POST", path + "/resume")
                    waiting = True
                if counts["unsent"] and c["state"] in ("sending", "paused", "finished"):
                    self.call("POST", path + "/requeue-unsent", {"count": counts["unsent"]})
                    waiting = True
            if c["state"] in ("sending", "paused", "finished", "cancelled"):
                waiting |= any(counts[s] for s in ("sending", "accepted", "unknown"))
            waiting |= c["state"] == "sending"
        return not waiting
