#!/usr/bin/env python3
"""Grafana's dashboards, as Grafana would read them.

usage: dashboards.py check FILE…                  panels, their places, their data source
       dashboards.py rules FILE…                  each expression as a recording rule, for promtool check rules
       dashboards.py ask URL TOPOLOGY FILE…       asks the Prometheus at URL for each expression's present value

`ask` prints the panels without data, and fails when one is there that is not of an event that may never have happened
(failures, drops, a component's own metrics).
"""
import json
import sys
import urllib.parse
import urllib.request

# Metrics of events that a healthy topology need not have had.
RARE = ("storm_failures_total", "storm_worker_dropped_tuples_total", "storm_user_", "storm_supervisor_worker_failures",
        "storm_replayed_total", "storm_dead_lettered_total", "storm_component_errors_total", "storm_blocked_edges")
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}


def expressions(files, topology="wc"):
    for name in files:
        with open(name, encoding="utf-8") as file:
            for panel in json.load(file)["panels"]:
                for target in panel.get("targets", []):
                    text = target["expr"].replace("$topology", topology).replace("$__rate_interval", "1m")
                    yield panel["title"], text


def faults(name):
    with open(name, encoding="utf-8") as file:
        dashboard = json.load(file)
    ids, taken = set(), {}
    for panel in dashboard["panels"]:
        place, title = panel["gridPos"], panel["title"]
        if panel["id"] in ids:
            yield f"{title}: the id {panel['id']} is another panel's"
        ids.add(panel["id"])
        if place["x"] + place["w"] > 24:
            yield f"{title}: beyond the 24 columns"
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                if taken.setdefault((x, y), title) != title:
                    yield f"{title}: lies over {taken[x, y]}"
                    break
        for source in [panel, *panel.get("targets", [])]:
            if panel["type"] not in ("row", "text") and source.get("datasource") != DATASOURCE:
                yield f"{title}: not of the data source that is provisioned"
    for variable in dashboard["templating"]["list"]:
        if f"${variable['name']}" not in json.dumps(dashboard["panels"]):
            yield f"the variable {variable['name']} is not used"


def ask(url, expression):
    query = urllib.parse.urlencode({"query": expression})
    with urllib.request.urlopen(f"{url}/api/v1/query?{query}", timeout=10) as answer:
        return json.load(answer)["data"]["result"]


def main():
    what, files = sys.argv[1], sys.argv[2:]
    if what == "check":
        found = [f"{name}: {fault}" for name in files for fault in faults(name)]
        sys.exit("\n".join(found) or 0)
    if what == "rules":
        rules = [{"record": f"dashboard:{number}", "expr": text}
                 for number, (_, text) in enumerate(expressions(files))]
        json.dump({"groups": [{"name": "dashboards", "rules": rules}]}, sys.stdout)
        return
    url, topology, *files = files
    empty = [(title, text) for title, text in expressions(files, topology) if not ask(url, text)]
    for title, text in empty:
        print(f"no data: {title}: {text}")
    sys.exit(1 if any(not any(name in text for name in RARE) for _, text in empty) else 0)


main()
