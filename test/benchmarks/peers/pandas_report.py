"""Collections to a table of companies and columns, as pandas would: the counts alone, without states and reasons."""

import json
import os

import pandas as pd
from common import collection_file, companies, managing_organization, measured, run


def work():
    config, folder, integrations = run()
    listed = companies(config, managing_organization(config))
    parts = [pd.DataFrame({"Company": [each["name"] for each in listed]})]
    for integration in integrations:
        with open(collection_file(folder, integration), encoding="utf-8") as file:
            customers = json.load(file)["customers"]
        counted = [each for each in customers if each["state"] == "counted"]
        counts = pd.DataFrame([each["counts"] for each in counted], index=[each["id"] for each in counted])
        numbers = counts.select_dtypes("number").columns
        counts[numbers] = counts[numbers].fillna(0)
        ids = [each.get("integrationIds", {}).get(integration) for each in listed]
        parts.append(counts.reindex(ids).reset_index(drop=True))
    report = pd.concat(parts, axis=1)
    report.to_csv(os.path.join(folder, "peer.csv"), index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return report.shape


measured(work)
