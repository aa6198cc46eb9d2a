"""visitor.py PORT COOKIE - a person at work on a server that is busy with something else.

Every 20 ms one small request, in turn: a page of contacts, the groups, the session, and a new group.
A request that is late is counted from when it was due, so a server that stands still is seen in all
that it kept waiting. Ends when its standard input does, and prints {"read": [ms], "write": [ms]}.
"""

import http.client
import json
import select
import sys
import time

PERIOD_S = 0.020
HEADERS = {"Accept": "application/json", "X-Requested-With": "sendingo", "Content-Type": "application/json"}
READS = ("/contacts?limit=50", "/groups?limit=50", "/sessions/current")


def main():
    port, cookie = int(sys.argv[1]), sys.argv[2]
    headers = {**HEADERS, "Cookie": cookie}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    took = {"read": [], "write": []}
    due, n = time.monotonic(), 0
    while True:
        wait = max(0, due - time.monotonic())
        if select.select([sys.stdin], [], [], wait)[0]:
            break
        if n % 4 < 3:
            kind, call = "read", ("GET", "/api/v1" + READS[n % 4], None, headers)
        else:
            kind, call = "write", ("POST", "/api/v1/groups", json.dumps({"name": f"방문 {n}"}), headers)
        line.request(*call)
        answer = line.getresponse()
        answer.read()
        if answer.status not in (200, 201):
            sys.exit(f"{call[0]} {call[1]}: {answer.status}")
        took[kind].append((time.monotonic() - due) * 1000)
        n += 1
        due += PERIOD_S
    print(json.dumps(took))


main()
