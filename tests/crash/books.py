"""books.py - compares our ledger with the gateway's journal and with what was promised.

Used by tests/crash/run after everything has settled. Each function returns a list of differences,
each a sentence; an empty list is what the test wants.
"""

import collections

from company import TOKEN

# What may have become of a recipient whom the gateway never accepted.
NOT_TAKEN = {"unsent", "skipped", "cancelled"}
LIMIT = 8  # differences shown of one kind


def by_campaign(journal):
    books = collections.defaultdict(lambda: collections.defaultdict(list))
    for m in journal:
        books[m["subject"]][m["phone"]].append(m)
    return books


def taken_once(journal):
    """Valid at any moment: nobody is in the gateway's books twice for one campaign."""
    out = []
    for name, phones in by_campaign(journal).items():
        twice = [p for p, taken in phones.items() if len(taken) > 1]
        if twice:
            out.append(f"campaign {name}: {len(twice)} people accepted more than once, such as "
                       f"{[(m['mid'], m['accepted_at']) for m in phones[twice[0]]]}")
    return out[:LIMIT]


def message_difference(m, taken):
    """What is wrong with one recipient, or None."""
    if not taken:
        rejected = m["state"] == "failed" and m["reason"] == "rejected"
        return None if m["state"] in NOT_TAKEN or rejected else "but the gateway does not have it"
    if taken[0]["result"] == "?":
        return None if m["state"] == "accepted" else "but the gateway never tells a result"
    wanted = "delivered" if taken[0]["result"] == "0" else "failed"
    return None if m["state"] == wanted else f"but the gateway has it with result {taken[0]['result']}"


def campaign_differences(company, campaign, journal):
    counts = dict(campaign["counts"])
    messages = list(company.every(f"/campaigns/{campaign['id']}/messages"))
    states = collections.Counter(m["state"] for m in messages)
    named = f"campaign {campaign['name']} ({campaign['state']})"
    out = []
    for word in ("queued", "sending", "accepted", "delivered", "failed", "expired", "unknown", "unsent",
                 "skipped", "cancelled"):
        if counts[word] != states[word]:
            out.append(f"{named}: counter {word} {counts[word]}, rows {states[word]}")
    if counts["total"] != len(messages) or len({m["phone"] for m in messages}) != len(messages):
        out.append(f"{named}: total {counts['total']}, {len(messages)} rows, "
                   f"{len({m['phone'] for m in messages})} people")
    if len({m["ordinal"] for m in messages}) != len(messages):
        out.append(f"{named}: an ordinal stands twice")
    for m in messages:
        why = message_difference(m, journal.get(m["phone"], []))
        if why and len(out) < LIMIT:
            out.append(f"{named}: message {m['ordinal']} of request {m['request_id']} is {m['state']}, {why}")
    ours = {m["phone"] for m in messages}
    strangers = [p for p in journal if p not in ours]
    if strangers:
        out.append(f"{named}: the gateway accepted {len(strangers)} people who are not in the campaign")
    return out


def ledger(company, size, again):
    """Every campaign against the journal, all of them settled; those compared before only when
    `again` is wished."""
    company.read_journal()
    books = by_campaign(company.journal)
    out, known = taken_once(company.journal), set()
    for c in company.every("/campaigns"):
        known.add(c["name"])
        if c["state"] in ("draft", "checked"):
            if c["id"] in company.started:
                out.append(f"campaign {c['name']} is {c['state']} though its start was answered with 202")
            if books[c["name"]]:
                out.append(f"campaign {c['name']} is {c['state']} and yet people got it")
            continue
        if c["id"] in company.closed and not again:
            continue
        if c["counts"]["total"] != size:
            out.append(f"campaign {c['name']}: {c['counts']['total']} of {size} recipients")
        out += campaign_differences(company, c, books[c["name"]])
        company.closed.add(c["id"])
    lost = set(company.started.values()) - known
    if lost:
        out.append(f"campaigns answered with 202 are gone: {sorted(lost)}")
    return out[:LIMIT]


def clicks(company):
    """A click answered with 302 is there exactly once; one without an answer at most once."""
    messages = {token: m for m in company.journal for token in TOKEN.findall(m["buttons"])}
    counted = {}
    for c in company.every("/campaigns"):
        for m in company.every(f"/campaigns/{c['id']}/messages?clicked=true"):
            counted[(c["name"], m["phone"])] = m["click_count"]
    out = []
    for token, (answered, attempts) in company.clicks.items():
        message = messages[token]
        have = counted.get((message["subject"], message["phone"]), 0)
        if not answered <= have <= attempts:
            out.append(f"link {token}: {answered} of {attempts} clicks answered, {have} counted")
    return out[:LIMIT]


def imports(company):
    """A confirmed import is whole; one whose answer was lost is whole or absent."""
    groups = {g["name"]: g for g in company.every("/groups")}
    out, people = [], 0
    for id_, promise in company.imports.items():
        state = company.call("GET", f"/imports/{id_}")["state"]
        members = groups[promise["name"]]["member_count"] if promise["name"] in groups else None
        whole = state == "confirmed" and members == len(promise["phones"])
        absent = state == "mapping" and members is None
        people += len(promise["phones"]) if whole else 0
        if not whole and (promise["answered"] or not absent):
            out.append(f"import {id_}: {state}, group of {members}, answered: {promise['answered']}")
    contacts = company.call("GET", "/statistics/summary")["contacts"]
    if contacts != people:
        out.append(f"{contacts} contacts, but {people} in imports that are whole")
    return out[:LIMIT]
