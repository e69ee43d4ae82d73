"""Collections to a table of companies and columns, as polars would: the counts alone, without states and reasons."""

import os

import polars as pl
from common import collection_file, companies, managing_organization, measured, run


def work():
    config, folder, integrations = run()
    listed = companies(config, managing_organization(config))
    report = pl.DataFrame({"Company": [each["name"] for each in listed]}).with_row_index("place")
    for integration in integrations:
        ids = pl.DataFrame(
            {"id": [each.get("integrationIds", {}).get(integration) for each in listed]}, schema={"id": pl.String}
        ).with_row_index("place")
        collected = pl.read_json(collection_file(folder, integration), infer_schema_length=None)
        customers = collected.select(pl.col("customers").explode()).unnest("customers")
        counted = customers.filter(pl.col("state") == "counted").select("id", "counts").unnest("counts")
        titles = [title for title in counted.columns if title != "id"]
        zeros = counted.with_columns(pl.col(pl.Int64, pl.Float64).fill_null(0))
        cells = ids.join(zeros, on="id", how="left").select("place", *titles)
        report = report.join(cells, on="place", how="left")
    report = report.sort("place").drop("place")
    report.write_csv(os.path.join(folder, "peer.csv"), include_bom=True, line_terminator="\r\n")
    return report.shape


measured(work)
