"""What the peers share: the files of a run, and how they say what it took."""

import json
import os
import resource
import sys
import time


def run():
    """The configuration's folder, the run's folder, and the integrations in the order of their columns."""
    config, folder, integrations = sys.argv[1:4]
    return config, folder, integrations.split(",")


def companies(config, managing):
    """Id, name and ids of every company, by name; the managing organization is one of them."""
    with open(os.path.join(config, "organizations.json"), encoding="utf-8") as file:
        listed = json.load(file)["organizations"]
    if all(each["id"] != managing["id"] for each in listed):
        listed.append({**managing, "integrationIds": {}})
    return sorted(listed, key=lambda each: (each["name"].lower(), each["name"], each["id"]))


def managing_organization(config):
    with open(os.path.join(config, "report.json"), encoding="utf-8") as file:
        return json.load(file)["managingOrganization"]


def collection_file(folder, integration):
    return os.path.join(folder, "collections", f"{integration}.json")


def measured(work):
    began = time.perf_counter()
    rows, columns = work()
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "rows": rows,
                "columns": columns,
                "seconds": time.perf_counter() - began,
                "processorSeconds": used.ru_utime + used.ru_stime,
                "megabytes": round(used.ru_maxrss / 1024),
            }
        )
    )
