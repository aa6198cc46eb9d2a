"""lists.py - a company that does nothing but import, two lists at a time, and knows what must come of it.

Used by tests/crash/run for the crash points of imports. Every list holds people who are contacts
already and people who are not, goes into a group of its own, and loses its first row to a person who
takes it out; some are cancelled. Whatever dies under it, in the end a list is whole or leaves nothing:
`differences` compares contacts, groups and files with what was answered.
"""

import json
import os
import threading
import time

from company import BUSY, Company, Refused, Unanswered, phone

REGULARS = 4000  # contacts from the beginning
KNOWN, FRESH = 1500, 9000  # people of a long list: several transactions
SHORT = 6  # a short list has so many times fewer
STOPS_AFTER = 2  # transactions, when the list is called STOPPING
STOPPING = "stop.csv"
OVER_S = 120  # files that are older are swept
LIMIT_S = 60
SHOWN = 8

# A list of that name gets no further until it is cancelled, so that there is much to undo.
STOPS = (f"(SELECT count(*) FROM import_chunk c WHERE c.company_id = NEW.company_id AND c.import_id = NEW.import_id)"
         f" >= {STOPS_AFTER} AND (SELECT filename FROM import i WHERE i.company_id = NEW.company_id"
         f" AND i.id = NEW.import_id) = '{STOPPING}'")
TRIGGER = {
    False: f"CREATE TRIGGER stop BEFORE INSERT ON import_chunk WHEN {STOPS} BEGIN SELECT RAISE(ABORT, 'wished'); END",
    True: f"CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {STOPS} THEN RAISE 'wished'; END IF;"
          " RETURN NEW; END $$; CREATE TRIGGER stop BEFORE INSERT ON import_chunk FOR EACH ROW EXECUTE FUNCTION stop()",
}


class List:
    """One file, and what we were told of it."""

    def __init__(self, number, known, fresh, cancel):
        self.number, self.known, self.fresh, self.cancel = number, known, fresh, cancel
        self.people = [*known, *fresh]
        self.group = f"목록 {number}"
        self.id = None
        self.dropped = None  # None: not asked for; False: asked; True: answered
        self.confirmed = self.cancelled = False  # answered

    def name(self, i):
        return f"{self.number}번 {i}"

    def text(self):
        rows = [f"{self.name(i)},{phone(i)},L{self.number}" for i in self.people]
        return "\n".join(["이름,휴대폰,등급", *rows]).encode()

    def may_be(self, state):
        if state == "confirmed":
            return not self.cancelled
        if state == "cancelled":
            return self.cancel
        return state in ("mapping", "discarded") and not self.confirmed


class Lists(Company):
    def __init__(self, port, lots):
        super().__init__(port, None, lots)
        self.lists = []
        self.next_fresh = REGULARS
        self.troubles, self.silent = [], False

    def sign_up(self):
        session = self.call("POST", "/companies", {
            "company_name": "목록 가게", "name": "시험", "email": "lists@example.com", "password": "long enough 1"}, 201)
        self.company = session["company"]["id"]
        rows = [f"단골 {i},{phone(i)},옛" for i in range(REGULARS)]
        made = self.call("POST", "/imports?filename=a.csv", "\n".join(["이름,휴대폰,메모", *rows]).encode(), 201)
        self.import_settled(made["id"])
        self.call("POST", f"/imports/{made['id']}/confirm", {}, (200, 202))
        if self.import_settled(made["id"])["state"] != "confirmed":
            raise Refused("the first list", 0, str(made))

    # ---- lists on their way ----

    def make(self, first_known, shrink, cancel):
        fresh = range(self.next_fresh, self.next_fresh + FRESH // shrink)
        self.next_fresh = fresh.stop
        one = List(len(self.lists) + 1, range(first_known, first_known + KNOWN // shrink), fresh, cancel)
        self.lists.append(one)
        return one

    def round(self, must_cancel):
        """Two lists at once, as far as they get; True when the server did not answer any more."""
        self.silent = False
        stops = must_cancel or self.lots.random() < 0.3
        pair = [self.make(0, 1, stops), self.make(KNOWN, SHORT, self.lots.random() < 0.3)]
        threads = [threading.Thread(target=self.live, args=(one,)) for one in pair]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        if self.troubles:
            raise Refused("a list", 0, "; ".join(self.troubles))
        return self.silent

    def live(self, one):
        self.try_to(self.bring_on, one)

    def bring_on(self, one):
        self.bring(one)
        one.dropped = False
        self.call("PATCH", f"/imports/{one.id}/rows/2", {"dropped": True})
        one.dropped = True
        if one.cancel:
            confirming = threading.Thread(target=self.try_to, args=(self.confirm, one))
            confirming.start()
            self.try_to(self.stop, one)
            confirming.join()
        else:
            self.confirm(one)
        self.import_settled(one.id)

    def try_to(self, what, one):
        try:
            what(one)
        except Unanswered:
            self.silent = True
        except Exception as e:  # of a thread; nobody would hear it
            self.troubles.append(f"list {one.number}: {e!r}")

    def bring(self, one):
        filename = STOPPING if one.cancel and len(one.people) > KNOWN + FRESH // 2 else "list.csv"
        one.id = self.call("POST", f"/imports?filename={filename}", one.text(), 201)["id"]
        now = self.import_settled(one.id)
        if now["state"] != "mapping" or now["counts"]["ok"] != len(one.people):
            raise Refused("reading a list", 0, str(now))

    def confirm(self, one):
        self.call("POST", f"/imports/{one.id}/confirm", {"new_group_names": [one.group]}, (200, 202))
        one.confirmed = True

    def stop(self, one):
        """Cancels it when it is half done; a short one whenever that is."""
        limit = time.monotonic() + LIMIT_S
        while time.monotonic() < limit:
            now = self.call("GET", f"/imports/{one.id}")
            if now["state"] not in ("mapping", "importing"):
                break
            if now["state"] == "importing" and (now["progress"]["done"] > KNOWN or len(one.people) < FRESH):
                break
            time.sleep(0.01)
        try:
            self.call("POST", f"/imports/{one.id}/cancel", status=(200, 202))
            one.cancelled = True
        except Refused as e:
            if e.status != 409:
                raise  # it was whole already

    # ---- settling ----

    def settle(self):
        """Waits until nobody works on anything; stopped lists of which nobody knows are cancelled."""
        limit = time.monotonic() + LIMIT_S
        while time.monotonic() < limit:
            busy = [i for i in self.every("/imports") if i["state"] in BUSY]
            if not busy:
                return
            for i in busy:
                if i["filename"] == STOPPING and i["state"] == "importing":
                    self.call("POST", f"/imports/{i['id']}/cancel", status=(200, 202, 409))
                    for one in self.lists:
                        one.cancelled |= one.id == i["id"]
            time.sleep(0.05)
        raise Refused("imports", 0, f"not settled within {LIMIT_S} s: {busy}")

    def discard(self):
        """Throws away what nobody has confirmed."""
        for i in list(self.every("/imports")):
            if i["state"] == "mapping":
                self.call("DELETE", f"/imports/{i['id']}", status=204)

    # ---- comparing ----

    def expected(self, states):
        """Phone -> (name, attributes) of every contact there must be."""
        people = {phone(i): (f"단골 {i}", {"메모": "옛"}) for i in range(REGULARS)}
        for one in self.lists:
            if states.get(one.id) != "confirmed":
                continue
            for i in one.people[1:] if one.dropped else one.people:
                before = people.get(phone(i), ("", {}))[1]
                people[phone(i)] = (one.name(i), {**before, "등급": f"L{one.number}"})
        return people

    @staticmethod
    def result_differences(one, told):
        """Nobody is counted as updated whom the same import had made before the server died."""
        wanted = {"created": len(one.fresh), "updated": len(one.known) - (one.dropped is True), "kept": 0,
                  "skipped": int(one.dropped is True)}
        return [f"list {one.number} tells {told['result']} instead of {wanted}"] if told["result"] != wanted else []

    def differences(self, database):
        imports = {i["id"]: i for i in self.every("/imports")}
        states = {id_: i["state"] for id_, i in imports.items()}
        out = [f"list {one.number} is {states.get(one.id)}; confirmed: {one.confirmed}, cancelled: {one.cancelled}"
               for one in self.lists if one.id and not one.may_be(states.get(one.id))]
        for one in self.lists:  # an answer that was lost: the import itself tells
            if one.dropped is False and states.get(one.id) == "confirmed":
                one.dropped = imports[one.id]["counts"]["dropped"] == 1
            if states.get(one.id) == "confirmed":
                out += self.result_differences(one, imports[one.id])
        wanted = self.expected(states)
        have, twice = {}, 0
        for number, name, attributes in database.read(
                f"SELECT phone, name, attributes FROM contact WHERE company_id = {self.company}"):
            twice += number in have
            have[number] = (name, json.loads(attributes))
        wrong = [n for n in wanted.keys() | have.keys() if wanted.get(n) != have.get(n)]
        if twice or wrong:
            out.append(f"{twice} people twice, {len(wrong)} of {len(wanted)} not as they should be, such as "
                       f"{[(n, wanted.get(n), have.get(n)) for n in sorted(wrong)[:3]]}")
        groups = {g["name"]: g["member_count"] for g in self.every("/groups")}
        for one in self.lists:
            members = len(one.people) - (one.dropped is True)
            there = groups.get(one.group)
            if there != (members if states.get(one.id) == "confirmed" else None):
                out.append(f"list {one.number} is {states.get(one.id)}, its group has {there} of {members} members")
        return out[:SHOWN]

    def leftovers(self, database, folder):
        """What is kept for running imports only. Uploads of which nobody was told are swept at a start, when
        they are old: their folder is looked at after `age` and a start."""
        out = []
        limit = time.monotonic() + 20
        tables = ["import_chunk", "import_undo", "import_joined", "import_edit"]
        while True:
            left = {t: int(database.read(f"SELECT count(*) FROM {t} WHERE company_id = {self.company}")[0][0]) for t in tables}
            if not any(left.values()) or time.monotonic() > limit:
                break
            time.sleep(0.2)
        if any(left.values()):
            out.append(f"rows for undoing are left: {left}")
        if folder is None:
            return out
        files = sorted(n for n in os.listdir(os.path.join(folder, "imports")) if n.startswith(f"{self.company}-"))
        if files:
            out.append(f"files are left: {files[:SHOWN]}")
        return out


def age(folder):
    """Makes all uploads old enough to be swept."""
    then = time.time() - OVER_S
    for name in os.listdir(os.path.join(folder, "imports")):
        os.utime(os.path.join(folder, "imports", name), (then, then))
